# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Sourced by the end-to-end tests: a work folder, a daemon, its monitor, checks. Everything ends with the test.

set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/rcublk-e2e.XXXXXX")
daemon_pid=
qmp_open=

# A test needs its tools; without them it is skipped, and under CI that is a failure.
need() {
    local tool
    for tool; do
        if ! command -v "$tool" >/dev/null; then
            if [[ ${CI:-} == true ]]; then
                fail "$tool is missing"
            fi
            echo "$(basename "$0"): SKIPPED, $tool is missing"
            exit 0
        fi
    done
}

fail() {
    echo "$(basename "$0"): FAILED: $*" >&2
    if [[ -f $work/daemon.log ]]; then
        sed 's/^/  daemon: /' "$work/daemon.log" | tail -30 >&2
    fi
    exit 1
}

ok() {
    echo "$(basename "$0"): ok: $*"
}

# await SECONDS WHAT COMMAND...: repeats the command until it succeeds.
await() {
    local limit=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < limit)) || fail "$what"
        read -rt 0.05 <> <(:) || true
    done
}

# Starts a daemon with a monitor on $work/qmp.sock, and waits until it serves.
start_daemon() {
    "$top/rcublk" storage-daemon --chardev "socket,id=qmp,path=$work/qmp.sock,server=on,wait=off" --monitor chardev=qmp \
        --pidfile "$work/pid" "$@" >"$work/daemon.log" 2>&1 &
    daemon_pid=$!
    await 60 "the daemon did not start" daemon_up
}

daemon_up() {
    if ! kill -0 "$daemon_pid" 2>/dev/null; then
        fail "the daemon ended while it started"
    fi
    [[ -s $work/pid && -S $work/qmp.sock ]]
}

# Ends the daemon by SIGTERM; sets status to its exit status.
stop_daemon() {
    status=0
    kill -TERM "$daemon_pid"
    wait "$daemon_pid" || status=$?
    daemon_pid=
}

open_qmp() {
    coproc QMP { exec socat - "UNIX-CONNECT:$work/qmp.sock"; }
    qmp_open=1
    # Subshells do not inherit the descriptors of a coprocess, but copies of them.
    exec {qmp_from}<&"${QMP[0]}" {qmp_to}>&"${QMP[1]}"
    local line
    read -rt 10 line <&"$qmp_from" || fail "no greeting from the monitor"
    [[ $line == *'"QMP"'* ]] || fail "the monitor greets with $line"
    qmp '{"execute":"qmp_capabilities"}' >/dev/null
}

# Sends a command, prints the answer (events are passed over).
qmp() {
    local line
    printf '%s\n' "$1" >&"$qmp_to"
    while read -rt 60 line <&"$qmp_from"; do
        [[ $line == *'"event"'* ]] || { printf '%s\n' "$line"; return 0; }
    done
    fail "no answer to $1"
}

# Sends a command that has to succeed.
qmp_ok() {
    local answer
    answer=$(qmp "$1")
    [[ $answer == *'"return"'* ]] || fail "$1 was answered $answer"
    printf '%s\n' "$answer"
}

# Sends a command that has to fail with a text.
qmp_error() {
    local answer
    answer=$(qmp "$1")
    [[ $answer == *'"error"'* && $answer == *"$2"* ]] || fail "$1 should fail with '$2', but was answered $answer"
}

insert_filter() { # node, filter
    printf '{"execute":"x-blockdev-insert-filter","arguments":{"node":"%s","filter":{"driver":"passthrough","node-name":"%s"},"deadline-ms":30000}}' "$1" "$2"
}

remove_filter() { # filter
    printf '{"execute":"x-blockdev-remove-filter","arguments":{"node-name":"%s","deadline-ms":30000}}' "$1"
}

descriptors() {
    find "/proc/$(<"$work/pid")/fd" -mindepth 1 | wc -l
}

cleanup() {
    local status=$?
    trap - EXIT
    if [[ -n $qmp_open && -n ${QMP_PID:-} ]]; then
        kill "$QMP_PID" 2>/dev/null || true
    fi
    if [[ -n $daemon_pid ]]; then
        kill -KILL "$daemon_pid" 2>/dev/null || true
        wait "$daemon_pid" 2>/dev/null || true
    fi
    rm -rf "$work"
    exit "$status"
}
trap cleanup EXIT
