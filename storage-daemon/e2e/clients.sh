#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# Real NBD clients against an image file: qemu-img, qemu-io, nbdinfo, nbdcopy.

source "$(dirname "$0")/lib.sh"
need qemu-img qemu-io nbdinfo nbdcopy socat cmp

image=$work/disk.img
head -c 67108864 /dev/urandom >"$image"
cp "$image" "$work/original.img"
start_daemon --object iothread,id=t0 --object iothread,id=t1 \
    --blockdev "driver=file,node-name=file0,filename=$image,discard=unmap" \
    --blockdev driver=raw,node-name=disk0,file=file0 \
    --blockdev driver=null-co,node-name=null0,size=1G,read-zeroes=on \
    --nbd-server "addr.type=unix,addr.path=$work/nbd.sock" \
    --export type=nbd,id=e0,node-name=disk0,name=disk,writable=on,iothread.0=t0,iothread.1=t1 \
    --export type=nbd,id=e1,node-name=null0,name=null
uri="nbd+unix:///disk?socket=$work/nbd.sock"

qemu-img compare -f raw -F raw "$image" "$uri" >/dev/null || fail "qemu-img compare: file and export differ"
ok "qemu-img compare"

list=$(nbdinfo --list --json "nbd+unix://?socket=$work/nbd.sock")
[[ $list == *'"disk"'* && $list == *'"null"'* ]] || fail "nbdinfo --list shows $list"
ok "nbdinfo --list"
info=$(nbdinfo --json "$uri")
for flag in '"can_multi_conn": true' '"can_fua": true' '"can_trim": true' '"can_zero": true' '"can_flush": true'; do
    [[ $info == *"$flag"* ]] || fail "nbdinfo lacks $flag: $info"
done
ok "nbdinfo: flags"

# Unaligned writes, FUA, zeroes, discard, each read back, by a client that pads nothing.
io() {
    local output
    output=$(qemu-io -f raw "$@" "$uri" 2>&1) || fail "qemu-io $*: $output"
    if [[ $output == *'failed'* || $output == *'error'* ]]; then
        fail "qemu-io $*: $output"
    fi
}
io -c 'write -P 0x5a 4096 65536' -c 'read -P 0x5a 4096 65536'
io -c 'write -P 0x11 123 4567' -c 'read -P 0x11 123 4567' -c 'read -P 0x5a 5000 3000'
io -c 'write -f -P 0x22 1048575 3' -c 'read -P 0x22 1048575 3'
io -c 'write -z 2097152 1048576' -c 'read -P 0 2097152 1048576'
io -c 'write -z -u 4194304 1048576' -c 'read -P 0 4194304 1048576'
io -c 'write -P 0x33 8388608 1048576' -c 'discard 8388608 1048576' -c 'read 8388608 1048576'
io -c 'aio_write -P 0x44 16777216 4194304' -c 'aio_write -P 0x55 20971520 4194304' -c 'aio_flush' \
    -c 'read -P 0x44 16777216 4194304' -c 'read -P 0x55 20971520 4194304' -c 'flush'
io -c 'write -P 0x66 67108863 1' -c 'read -P 0x66 67108863 1'
qemu-img compare -f raw -F raw "$image" "$uri" >/dev/null || fail "file and export differ after qemu-io"
ok "qemu-io: unaligned, FUA, zeroes, discard, asynchronous"

if qemu-io -f raw -c 'write 67108864 512' "$uri" >/dev/null 2>&1; then
    fail "a write past the end succeeded"
fi
ok "a write past the end fails"

nbdcopy "$uri" "$work/out.img"
cmp "$image" "$work/out.img" || fail "nbdcopy out: differs"
nbdcopy "$work/original.img" "$uri"
cmp "$image" "$work/original.img" || fail "nbdcopy in: differs"
ok "nbdcopy both ways"

# QEMU's readers work beside us, its writers are refused, and so is a second daemon.
qemu-img info -f raw "$image" >/dev/null || fail "qemu-img info is refused beside the daemon"
if qemu-io -f raw -c 'write 0 512' "$image" >/dev/null 2>&1; then
    fail "a QEMU writer opened the image beside the daemon"
fi
if "$top/rcublk" storage-daemon --blockdev "driver=file,node-name=f,filename=$image" >"$work/second.log" 2>&1; then
    fail "a second daemon opened the image for writing"
fi
(($(wc -l <"$work/second.log") == 1)) || fail "the refusal is not one line: $(<"$work/second.log")"
ok "locks: readers beside, writers refused"

stop_daemon
((status == 0)) || fail "exit status $status after SIGTERM"
[[ ! -e $work/nbd.sock && ! -e $work/pid ]] || fail "the socket or the pid file is left behind"
qemu-io -f raw -c 'write 0 512' "$image" >/dev/null || fail "the image is still locked after the daemon ended"
ok "SIGTERM: drained, exit 0, nothing left"
