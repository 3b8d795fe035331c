#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# The main job: fio writes and verifies over NBD on four connections while filters are inserted and removed and snapshots
# are taken. No error, no lost byte, nothing left behind.
#
#     fio-graph-changes.sh [LOOPS]      passes of fio over the disk (8)

source "$(dirname "$0")/lib.sh"
need fio socat jq qemu-img

loops=${1:-8}
image=$work/disk.img
truncate -s 256M "$image"
start_daemon --object iothread,id=t0 --object iothread,id=t1 \
    --blockdev "driver=file,node-name=file0,filename=$image" --blockdev driver=raw,node-name=disk0,file=file0 \
    --nbd-server "addr.type=unix,addr.path=$work/nbd.sock" \
    --export type=nbd,id=e0,node-name=disk0,name=disk,writable=on,iothread.0=t0,iothread.1=t1
open_qmp

# The parts of x-query-rcu that must come back to what they were.
rcu_at_rest() {
    qmp_ok '{"execute":"x-query-rcu"}' | jq -cS '.return.roots | map({id, "open-tokens", "live-versions",
        "retired-not-closed", parked, gated})'
}

rcu_is_as_before() { [[ $(rcu_at_rest) == "$rcu_before" ]]; }

descriptors_are_as_before() { (($(descriptors) <= descriptors_before)); }

# Waits until the n-th fiftieth of a second since the start.
pace() {
    local now=${EPOCHREALTIME/[.,]/} due=$((start + $1 * 20000))
    if ((now < due)); then
        sleep "$(printf '0.%06d' $((due - now)))"
    fi
}

take_snapshot() {
    snapshots=$((snapshots + 1))
    qmp_ok "{\"execute\":\"blockdev-add\",\"arguments\":{\"driver\":\"overlay\",\"node-name\":\"snap$snapshots\"}}" >/dev/null
    qmp_ok "{\"execute\":\"blockdev-snapshot\",\"arguments\":{\"node\":\"$top_node\",\"overlay\":\"snap$snapshots\"}}" >/dev/null
    top_node=snap$snapshots
}

# One change and one client before the start: what a first use allocates for good is not a leak.
qmp_ok "$(insert_filter disk0 warm)" >/dev/null
qmp_ok "$(remove_filter warm)" >/dev/null
qemu-img info "nbd+unix:///disk?socket=$work/nbd.sock" >/dev/null
rcu_before=$(rcu_at_rest)
descriptors_before=$(descriptors)

fio --name=load --ioengine=nbd --uri="nbd+unix:///disk?socket=$work/nbd.sock" --rw=randrw --bs=4k --iodepth=16 \
    --numjobs=4 --size=25% --offset_increment=25% --verify=crc32c --verify_fatal=1 --loops="$loops" \
    --group_reporting --output-format=json --output="$work/fio.json" 2>"$work/fio.err" &
fio_pid=$!

top_node=disk0 snapshots=0 changes=0
start=${EPOCHREALTIME/[.,]/}
while kill -0 "$fio_pid" 2>/dev/null; do
    qmp_ok "$(insert_filter "$top_node" "f$changes")" >/dev/null
    pace $((changes + 1))
    qmp_ok "$(remove_filter "f$changes")" >/dev/null
    changes=$((changes + 2))
    pace "$changes"
    if ((changes % 100 == 0 && snapshots < 8)); then
        take_snapshot
    fi
done
seconds=$(((${EPOCHREALTIME/[.,]/} - start) / 1000000))
wait "$fio_pid" || fail "fio: $(tail -3 "$work/fio.err" "$work/fio.json")"

errors=$(jq '[.jobs[] | .error + .total_err] | add' "$work/fio.json")
((errors == 0)) || fail "fio counts $errors errors"
operations=$(jq '[.jobs[] | .read.total_ios + .write.total_ios] | add' "$work/fio.json")
ok "fio verified $operations requests in $seconds s, no error"
((seconds > 0 && changes >= 40 * seconds)) || fail "only $changes changes in $seconds s: fewer than 40 a second"
ok "$changes filter changes and $snapshots snapshots meanwhile, $((changes / seconds)) a second"
parked=$(qmp_ok '{"execute":"x-query-rcu"}' | jq '[.return.roots[]."parked-total"] | add')
((parked >= 100)) || fail "only $parked requests were parked: the load did not meet the changes"
ok "$parked requests were parked and let in again"

# What the snapshots added stays until it is removed; everything else is as it was.
await 20 "x-query-rcu is $(rcu_at_rest), was $rcu_before" rcu_is_as_before
await 20 "$(descriptors) descriptors are open, $descriptors_before were" descriptors_are_as_before
ok "x-query-rcu and $descriptors_before descriptors as before"

((snapshots > 0)) || fail "no snapshot was taken"
stop_daemon
((status == 0)) || fail "exit status $status after SIGTERM"
ok "SIGTERM: drained, exit 0"
