#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# A throttle at 200 requests a second under a real client: the rate is kept, over two connections on two IOThreads, and a
# backlog of minutes holds up neither the throttle's removal nor the end of the daemon.

source "$(dirname "$0")/lib.sh"
need fio socat jq

start_daemon --object iothread,id=t0 --object iothread,id=t1 \
    --blockdev driver=memory,node-name=disk0,size=64M \
    --blockdev driver=throttle,node-name=slow,file=disk0,limits.iops-total=200 \
    --nbd-server "addr.type=unix,addr.path=$work/nbd.sock" \
    --export type=nbd,id=e0,node-name=slow,name=disk,writable=on,iothread.0=t0,iothread.1=t1
open_qmp

load() { # name, fio options...
    local name=$1
    shift
    fio --name="$name" --ioengine=nbd --uri="nbd+unix:///disk?socket=$work/nbd.sock" --rw=randrw --bs=4k --size=64M \
        --iodepth=16 --numjobs=2 --output-format=json --output="$work/$name.json" "$@" >"$work/$name.err" 2>&1
}

requests() { jq '[.jobs[] | .read.total_ios + .write.total_ios] | add' "$work/$1.json"; }

errors() { jq '[.jobs[] | .error + .total_err] | add' "$work/$1.json"; }

load limited --time_based --runtime=3 || fail "fio: $(tail -3 "$work/limited.err")"
# fio waits for what it has in flight at the end, so the time is its own.
rate=$(jq '([.jobs[] | .read.total_ios + .write.total_ios] | add) * 1000 / ([.jobs[].job_runtime] | max) | floor' \
    "$work/limited.json")
((rate >= 160 && rate <= 240)) || fail "$rate requests a second, not 200"
(($(errors limited) == 0)) || fail "fio counts $(errors limited) errors"
shares=$(jq -c '[.jobs[] | .read.total_ios + .write.total_ios]' "$work/limited.json")
jq -e '([.jobs[] | .read.total_ios + .write.total_ios] | min * 3 > max)' "$work/limited.json" >/dev/null \
    || fail "the two IOThreads do not share: $shares"
ok "$rate requests a second under a limit of 200, shares of the two IOThreads $shares"

# 20000 requests: 100 s at this rate. What is in flight when the filter goes is let go, the rest runs unthrottled.
load freed --number_ios=10000 &
fio_pid=$!
backlog() { qmp_ok '{"execute":"x-query-rcu"}' | jq -e '[.return.roots[]."open-tokens"] | add >= 16'; }
await 20 "no backlog of held requests" backlog
began=${EPOCHREALTIME/[.,]/}
qmp_ok "$(remove_filter slow)" >/dev/null
took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
((took < 2000)) || fail "the removal of the throttle took $took ms"
fio_ended() { ! kill -0 "$fio_pid" 2>/dev/null; }
await 40 "fio does not run at full speed without the throttle" fio_ended
wait "$fio_pid" || fail "fio: $(tail -3 "$work/freed.err")"
(($(errors freed) == 0 && $(requests freed) == 20000)) || fail "$(requests freed) requests, $(errors freed) errors"
ok "removed in $took ms with a backlog; 20000 requests done $(((${EPOCHREALTIME/[.,]/} - began) / 1000)) ms later"

# A throttle of one request a second, and its end while a client waits.
qmp_ok '{"execute":"x-blockdev-insert-filter","arguments":{"node":"disk0","deadline-ms":30000,"filter":{"driver":"throttle","node-name":"slow2","limits":{"iops-total":1}}}}' >/dev/null
qmp_error '{"execute":"blockdev-add","arguments":{"driver":"throttle","node-name":"x","file":"disk0","limits":{"iops-total":5,"iops-read":5}}}' 'limits.iops-total excludes'
load waiting --number_ios=1000 &
fio_pid=$!
await 20 "no backlog of held requests" backlog
began=${EPOCHREALTIME/[.,]/}
stop_daemon
took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
((status == 0)) || fail "exit status $status after SIGTERM, with a backlog in the throttle"
((took < 8000)) || fail "the end took $took ms"
wait "$fio_pid" || true # its disk is gone
ok "SIGTERM with a backlog: exit 0 after $took ms"
