#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# A request that never completes on export A delays nothing of export B; a change of A itself ends at its deadline, names
# the request, and leaves the old graph in service.

source "$(dirname "$0")/lib.sh"
need qemu-io socat jq

truncate -s 64M "$work/b.img"
start_daemon --object iothread,id=t0 --object iothread,id=t1 --shutdown-timeout 1 \
    --blockdev driver=null-co,node-name=a0,size=64M,latency-ns=3600000000000 \
    --blockdev "driver=file,node-name=b0,filename=$work/b.img" \
    --nbd-server "addr.type=unix,addr.path=$work/nbd.sock" \
    --export type=nbd,id=ea,node-name=a0,name=a,writable=on,iothread=t0 \
    --export type=nbd,id=eb,node-name=b0,name=b,writable=on,iothread=t1
open_qmp
b="nbd+unix:///b?socket=$work/nbd.sock"

qemu-io -f raw -c 'read 4096 512' "nbd+unix:///a?socket=$work/nbd.sock" >/dev/null 2>&1 &
hung_client=$!
request_hangs() { qmp_ok '{"execute":"x-query-rcu"}' | jq -e '.return.roots[] | select(."open-tokens" > 0)'; }
await 20 "the request on A did not arrive" request_hangs

for ((i = 0; i < 20; i++)); do
    qmp_ok "$(insert_filter b0 "fb$i")" >/dev/null
    qemu-io -f raw -c "write -P $i $((i * 65536)) 65536" -c "read -P $i $((i * 65536)) 65536" "$b" >/dev/null \
        || fail "I/O on B failed beside the hung request on A"
    qmp_ok "$(remove_filter "fb$i")" >/dev/null
done
parked_on_b=$(qmp_ok '{"execute":"x-query-rcu"}' | jq '[.return.roots[] | select(.node == "b0") | ."open-tokens"] | add')
((parked_on_b == 0)) || fail "B still has $parked_on_b open tokens"
ok "40 changes and 20 rounds of I/O on B beside a hung request on A"

before=$(qmp_ok '{"execute":"query-named-block-nodes"}' | jq -cS '.return')
error=$(qmp '{"execute":"x-blockdev-insert-filter","arguments":{"node":"a0","filter":{"driver":"passthrough","node-name":"fa"},"deadline-ms":500}}')
for word in '"error"' 'read' '4096' 'a0' 't0'; do
    [[ $error == *"$word"* ]] || fail "the missed deadline does not name $word: $error"
done
ok "a change of A ends at its deadline: $(jq -r .error.desc <<<"$error")"
after=$(qmp_ok '{"execute":"query-named-block-nodes"}' | jq -cS '.return')
[[ $before == "$after" ]] || fail "the graph changed: $before, then $after"
gated=$(qmp_ok '{"execute":"x-query-rcu"}' | jq -c '[.return.roots[].gated] | any')
[[ $gated == false ]] || fail "a gate was left behind"
ok "the old graph is in service"

stop_daemon
((status == 1)) || fail "exit status $status, not 1, with a hung request"
grep -q 'a0' "$work/daemon.log" || fail "the shutdown does not name the request that holds it"
ok "SIGTERM: exit 1 after the timeout, naming the request: $(grep 'a0' "$work/daemon.log" | tail -1)"
kill "$hung_client" 2>/dev/null || true
wait "$hung_client" 2>/dev/null || true
