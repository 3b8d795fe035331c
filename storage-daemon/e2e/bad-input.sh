#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# Bad input: one clear line, exit status 1 or 2, or the protocol's error and a daemon that stays up.

source "$(dirname "$0")/lib.sh"
need socat jq qemu-io

# refused STATUS TEXT OPTIONS...: the daemon does not start, and one line on standard error says why.
refused() {
    local expected=$1 text=$2 status=0
    shift 2
    timeout 60 "$top/rcublk" storage-daemon "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    ((status == expected)) || fail "$*: exit status $status, not $expected: $(<"$work/err")"
    (($(wc -l <"$work/err") == 1)) || fail "$*: not one line: $(<"$work/err")"
    grep -qi -e "$text" "$work/err" || fail "$*: '$text' is not in: $(<"$work/err")"
    [[ ! -s $work/out ]] || fail "$*: something on standard output: $(<"$work/out")"
}

truncate -s 1M "$work/ok.img"
refused 1 'nosuch' --blockdev driver=nosuch,node-name=x
refused 1 'colour' --blockdev driver=null-co,node-name=x,colour=red
refused 1 'missing.img' --blockdev "driver=file,node-name=x,filename=$work/missing.img"
refused 1 'directory' --blockdev "driver=file,node-name=x,filename=$work"
refused 1 'filename' --blockdev driver=file,node-name=x
refused 1 'read-only' --blockdev "driver=file,node-name=x,filename=$work/ok.img,read-only=on" \
    --nbd-server "addr.type=unix,addr.path=$work/n.sock" --export type=nbd,id=e,node-name=x,writable=on
refused 1 "'twice'" --blockdev driver=null-co,node-name=twice --blockdev driver=null-co,node-name=twice
refused 1 'loop' --blockdev driver=raw,node-name=loop,file=loop
refused 1 'absent' --blockdev driver=raw,node-name=r,file=absent
refused 2 'json' --blockdev '{"driver":"null-co",'
refused 2 'nosuchoption' --nosuchoption
refused 1 'size' --blockdev driver=null-co,node-name=x,size=12parsecs
refused 1 '1bad' --blockdev driver=null-co,node-name=1bad
refused 1 'absent' --nbd-server "addr.type=unix,addr.path=$work/n.sock" --export type=nbd,id=e,node-name=absent
refused 2 't9' --blockdev driver=null-co,node-name=x --nbd-server "addr.type=unix,addr.path=$work/n.sock" \
    --export type=nbd,id=e,node-name=x,iothread=t9
refused 2 'state' --state '' --blockdev driver=null-co,node-name=x
refused 2 'state-limit' --state-limit 1M --blockdev driver=null-co,node-name=x
refused 1 "export's id" --blockdev driver=null-co,node-name=x --nbd-server "addr.type=unix,addr.path=$work/n.sock" \
    --export 'type=nbd,id=1 2,node-name=x'
ok "options: each refused in one line"

start_daemon --blockdev driver=null-co,node-name=disk0,size=16M --nbd-server "addr.type=unix,addr.path=$work/nbd.sock" \
    --export type=nbd,id=e0,node-name=disk0,name=disk,writable=on
open_qmp
alive() { qemu-io -f raw -c 'write 0 4096' "nbd+unix:///disk?socket=$work/nbd.sock"; }

for i in 1 2 3 4 5 6 7 8; do
    head -c $((i * 1000)) /dev/urandom | timeout 20 socat -t 1 - "UNIX-CONNECT:$work/nbd.sock" >/dev/null 2>&1 || true
    printf '\0\0\0\3IHAVEOPT%s' "$(head -c 200 /dev/urandom | tr -d '\0')" \
        | timeout 20 socat -t 1 - "UNIX-CONNECT:$work/nbd.sock" >/dev/null 2>&1 || true
done
alive >/dev/null || fail "the daemon does not serve after garbage"
ok "NBD garbage: connections closed, the daemon serves"

for past in 'read 16777216 512' 'write 16776704 1024' 'write -z 16777216 512'; do
    if qemu-io -f raw -c "$past" "nbd+unix:///disk?socket=$work/nbd.sock" >/dev/null 2>&1; then
        fail "$past, past the end, succeeded"
    fi
done
alive >/dev/null || fail "the daemon does not serve after requests past the end"
ok "requests past the end: the protocol's error"

qmp_error '{"execute":"nosuch"}' 'nosuch'
qmp_error '{"execute":"blockdev-add","arguments":{"driver":"nosuch","node-name":"y"}}' 'nosuch'
qmp_error '{"execute":"blockdev-add","arguments":{"driver":"null-co","node-name":"disk0"}}' 'disk0'
qmp_error '{"execute":"blockdev-add","arguments":{"driver":"raw","node-name":"self","file":"self"}}' 'self'
qmp_error '{"execute":"blockdev-del","arguments":{"node-name":"disk0"}}' 'disk0'
qmp_error '{"execute":"blockdev-snapshot","arguments":{"node":"disk0","overlay":"absent"}}' 'absent'
qmp_error '{"execute":"x-blockdev-remove-filter","arguments":{"node-name":"disk0"}}' 'disk0'
qmp_error '{"execute":"blockdev-reopen","arguments":{"options":[{"driver":"raw","node-name":"absent","file":"disk0"}]}}' 'absent'
qmp_error '{"execute":"block_resize","arguments":{"node-name":"absent","size":512}}' 'absent'
qmp_error '{"execute":"transaction","arguments":{"actions":[{"type":"abort","data":{}}]}}' 'action 1'
qmp_error '{"execute":"x-blockdev-insert-filter","arguments":{"node":"disk0"}}' 'filter'
qmp_error '{"execute":"blockdev-add","arguments":"nonsense"}' 'arguments'
qmp_error '{"execute" nonsense}' 'JSON'
qmp_ok '{"execute":"query-named-block-nodes"}' >/dev/null
ok "monitor: each error named, the connection goes on"

if grep -qE '^\s+at [a-z.]+\(|Exception' "$work/daemon.log"; then
    fail "a stack trace in the log"
fi
stop_daemon
((status == 0)) || fail "exit status $status after SIGTERM"
ok "exit 0 at the end"
