#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# NBD over a Unix socket, 4 KiB requests on a raw file in the page cache: rcublk beside qemu-nbd and nbdkit, in one run,
# interleaved. The load is fio's nbd engine, which shares the cores with the servers.
#
#     docs/benchmarks/nbd.sh [--quick]
#
# Prints a header, then a tab-separated line a row: row, ours, peer, ratio ours/peer, bar, ok or short. Rates are in
# requests a second, "cpu" rows in microseconds of server CPU a request (there less is better, and the bar is an upper
# one). Each figure is the median of the passes. Exit 0 when everything could be measured, whatever the verdicts.

set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
passes=5 seconds=8 warm=15
if [[ ${1:-} == --quick ]]; then
    passes=3 seconds=4 warm=8
elif (($#)); then
    echo "nbd.sh: unknown option $1; --quick is the only one" >&2
    exit 2
fi
for tool in fio qemu-nbd nbdkit jq; do
    command -v "$tool" >/dev/null || { echo "nbd.sh: $tool is missing: install fio, qemu-utils, nbdkit and jq" >&2; exit 1; }
done

work=$(mktemp -d "${TMPDIR:-/tmp}/rcublk-nbd.XXXXXX")
pids=()
cleanup() {
    local pid
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

image=$work/disk.img
head -c 1073741824 /dev/urandom >"$image"
cat "$image" >/dev/null

"$top/rcublk" storage-daemon --object iothread,id=t0 --object iothread,id=t1 \
    --blockdev "driver=file,node-name=file0,filename=$image" --blockdev driver=raw,node-name=disk0,file=file0 \
    --nbd-server "addr.type=unix,addr.path=$work/rcublk.sock" --pidfile "$work/rcublk.pid" \
    --export type=nbd,id=e0,node-name=disk0,name=disk,writable=on,iothread.0=t0,iothread.1=t1 2>"$work/rcublk.log" &
pids+=("$!")
for ((i = 0; i < 1200; i++)); do
    [[ -s $work/rcublk.pid ]] && break
    sleep 0.1
done
[[ -s $work/rcublk.pid ]] || { echo "nbd.sh: the daemon did not start: $(<"$work/rcublk.log")" >&2; exit 1; }
rcublk_pid=$(<"$work/rcublk.pid")

# The peers open the image read-only in the read rows and have copies of their own to write to.
cp "$image" "$work/qemu.img"
cp "$image" "$work/nbdkit.img"
qemu-nbd -t -e 8 -f raw --aio=threads -k "$work/qemu.sock" -x disk "$work/qemu.img" &
pids+=("$!")
qemu_pid=$!
nbdkit -f -U "$work/nbdkit.sock" -e disk file "$work/nbdkit.img" &
pids+=("$!")
nbdkit_pid=$!

declare -A pid_of=([rcublk]=$rcublk_pid [qemu]=$qemu_pid [nbdkit]=$nbdkit_pid)

cpu_ticks() { awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$1/stat"; }

# load SERVER RW JOBS DEPTH SECONDS: prints requests a second and CPU microseconds a request of the server.
load() {
    local before after ios
    before=$(cpu_ticks "${pid_of[$1]}")
    fio --name=load --ioengine=nbd --uri="nbd+unix:///disk?socket=$work/$1.sock" --rw="$2" --bs=4k \
        --numjobs="$3" --iodepth="$4" --size=1g --time_based --runtime="$5" --group_reporting --output-format=json --output="$work/fio.json" >"$work/fio.out" 2>&1
    after=$(cpu_ticks "${pid_of[$1]}")
    ios=$(jq '[.jobs[] | .read.total_ios + .write.total_ios] | add' "$work/fio.json")
    awk -v i="$ios" -v s="$5" -v t="$((after - before))" -v hz="$(getconf CLK_TCK)" \
        'BEGIN { printf "%.0f %.2f\n", i / s, t / hz * 1e6 / i }'
}

median() { sort -g "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

row() { # NAME OURS PEER BAR HIGHER|LOWER
    awk -v n="$1" -v o="$2" -v p="$3" -v b="$4" -v d="$5" 'BEGIN {
        r = o / p
        verdict = b == "-" ? "-" : (d == "HIGHER" ? (r >= b ? "ok" : "short") : (r <= b ? "ok" : "short"))
        printf "%s\t%s\t%s\t%.2f\t%s\t%s\n", n, o, p, r, b, verdict }'
}

printf '# machine\t%s, %s cores, Linux %s\n' "$(sed -nE 's/^model name\s*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(uname -r)"
printf '# commit\t%s\n' "$(git -C "$top" rev-parse --short HEAD 2>/dev/null || echo none)"
printf '# jvm\t%s\n' "$("$("$top/rcublk" --find-jdk)/bin/java" -version 2>&1 | sed -n 2p)"
printf '# peers\t%s; %s\n' "$(qemu-nbd --version | head -1)" "$(nbdkit --version)"
printf '# load\t%s, %s passes of %s s, medians\n' "$(fio --version)" "$passes" "$seconds"
printf 'row\tours\tpeer\tratio\tbar\tverdict\n'

load rcublk randread 8 16 "$warm" >/dev/null
load rcublk randwrite 8 16 $((warm / 2)) >/dev/null
shapes=('randread 8 16' 'randread 1 16' 'randread 1 1' 'randwrite 8 16')
if ((passes == 3)); then
    shapes=('randread 8 16' 'randwrite 8 16')
fi
for shape in "${shapes[@]}"; do
    read -r rw jobs depth <<<"$shape"
    for ((pass = 0; pass < passes; pass++)); do
        for server in rcublk qemu nbdkit; do
            read -r iops cpu < <(load "$server" "$rw" "$jobs" "$depth" "$seconds")
            echo "$iops" >>"$work/$server-$rw-$jobs-$depth.iops"
            echo "$cpu" >>"$work/$server-$rw-$jobs-$depth.cpu"
        done
    done
    for peer in qemu nbdkit; do
        bar=-
        if [[ $shape == 'randread 8 16' && $peer == qemu ]]; then
            bar=1.0
        fi
        name="$rw ${jobs}x$depth"
        row "$name, $peer" "$(median "$work/rcublk-$rw-$jobs-$depth.iops")" "$(median "$work/$peer-$rw-$jobs-$depth.iops")" "$bar" HIGHER
        row "$name cpu, $peer" "$(median "$work/rcublk-$rw-$jobs-$depth.cpu")" "$(median "$work/$peer-$rw-$jobs-$depth.cpu")" - LOWER
    done
done
