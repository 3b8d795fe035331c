#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# Read sections, grace periods and retirement of org.rcublk.rcu, beside the locks and counters of the JDK (JMH) and
# beside liburcu (the C programs of jmh/native-peers), in one run: each pass measures every row once, in a fork of its
# own, ours and the peers in turn.
#
#     docs/benchmarks/rcu.sh [--quick]
#
# Prints a header, then a tab-separated line a row: row, ours, peer, ratio ours/peer, bar, ok or short. Figures are
# nanoseconds unless the row says otherwise, less is better, each the median of the passes; "-" where there is none. A
# bar with a unit is for the figure itself, one without for the ratio. A difference is the median of the
# differences in the same pass. Exit 0 when everything could be measured, whatever the verdicts. Without liburcu-dev or
# a C compiler its rows are left out, and the header says so.

set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
passes=5 millis=300 retire=500 native=300
two_threads='ReadSection\.(section|volatileLoad)|ReaderThreadSection|GuestSection|ReadPeers'
if [[ ${1:-} == --quick ]]; then
    passes=3 millis=150 retire=250 native=100
    two_threads='ReadSection\.(section|volatileLoad)'
elif (($#)); then
    echo "rcu.sh: unknown option $1; --quick is the only one" >&2
    exit 2
fi
command -v jq >/dev/null || { echo "rcu.sh: jq is missing: install it" >&2; exit 1; }

JAVA_HOME=$("$top/rcublk" --find-jdk)
export JAVA_HOME
jar=$top/jmh/target/benchmarks.jar
if [[ ! -f $jar || -n $(find "$top/graph-rcu/src/main" "$top/jmh/src/main" -name '*.java' -newer "$jar" -print -quit) ]]; then
    echo "rcu.sh: building $jar" >&2
    mvn -B -q -f "$top/pom.xml" -pl jmh -am package -DskipTests >&2
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/rcublk-rcu.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Sets "compiled" to the flavours of liburcu that could be built, and "without" to why there is none.
peers=$top/jmh/native-peers
bin=$top/jmh/target/native-peers
compiled=() without=
compile_peers() {
    local cc flavour
    cc=$(command -v "${CC:-cc}" || command -v gcc || true)
    if [[ -z $cc ]]; then
        without='no C compiler: install gcc'
        return
    fi
    mkdir -p "$bin"
    "$cc" -O2 -pthread "$peers/barrier.c" -o "$bin/barrier" 2>"$work/cc.log" || { without=$(head -1 "$work/cc.log"); return; }
    for flavour in qsbr memb mb bp; do
        if ! "$cc" -O2 -pthread -D_LGPL_SOURCE "-DFLAVOUR_$flavour" "$peers/urcu.c" -o "$bin/urcu-$flavour" "-lurcu-$flavour" \
            2>"$work/cc.log"; then
            without="liburcu cannot be built: install liburcu-dev ($(head -1 "$work/cc.log"))"
            return
        fi
        compiled+=("$flavour")
    done
}

# jmh THREADS REGEX OPTIONS...: one fork of each; appends each score to $work/CLASS.METHOD[-PARAM].THREADS, and what was
# allocated and counted beside it to the same name with .bytes and .pending.
jmh() {
    local threads=$1 regex=$2 key value
    shift 2
    if ! "$top/jmh/run.sh" "$regex" -f 1 -t "$threads" -foe true -prof gc -rf json -rff "$work/jmh.json" "$@" \
        >"$work/jmh.log" 2>&1; then
        echo "rcu.sh: JMH failed:" >&2
        tail -30 "$work/jmh.log" >&2
        exit 1
    fi
    while IFS=$'\t' read -r key value; do
        echo "$value" >>"$work/$key"
    done < <(jq -r '.[]
        | (.benchmark | sub("^org\\.rcublk\\.jmh\\."; "")) + ((.params // {}) | to_entries | map("-" + .value) | join(""))
            + "." + (.threads | tostring) as $key
        | [$key, .primaryMetric.score],
          (.secondaryMetrics | to_entries[]
            | if .key | endswith("gc.alloc.rate.norm") then [$key + ".bytes", .value.score]
              elif .key == "mostPending" then [$key + ".pending", (.value.rawData | flatten | max)]
              else empty end)
        | @tsv' "$work/jmh.json")
}

measure() {
    local flavour args short=()
    ((passes == 5)) || short=(-wi 2 -i 3)
    local time=(-w "${millis}ms" -r "${millis}ms")
    jmh 1 '\.(ReadSection|ReaderThreadSection|GuestSection|ReadPeers|Synchronize)\.' "${time[@]}" ${short[@]+"${short[@]}"}
    jmh 2 "\\.($two_threads)" "${time[@]}" ${short[@]+"${short[@]}"}
    jmh 1 '\.Retire\.' -w "${retire}ms" -r "${retire}ms" ${short[@]+"${short[@]}"}
    for flavour in ${compiled[@]+"${compiled[@]}"}; do
        for args in 'read 1' 'read 2' 'sync 0' 'sync 1'; do
            # shellcheck disable=SC2086 # two words
            "$bin/urcu-$flavour" $args "$native" >>"$work/urcu-$flavour.${args/ /}"
        done
    done
    [[ -x $bin/barrier && ${#compiled[@]} -gt 0 ]] || return 0
    "$bin/barrier" locked >>"$work/locked"
    for args in 0 1; do
        "$bin/barrier" membarrier "$args" >>"$work/membarrier.$args" || rm -f "$work/membarrier.$args"
    done
}

median() { sort -g "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# row NAME OURS PEER BAR: OURS and PEER are files of figures, PEER "-" for none; BAR a bound for the ratio, with a unit
# for ours, or "-".
row() {
    local ours=$work/$2 peer=$work/$3
    [[ -s $ours ]] || return 0
    if [[ $3 == - ]]; then
        peer=-
    else
        [[ -s $peer ]] || return 0
        peer=$(median "$peer")
    fi
    awk -v n="$1" -v o="$(median "$ours")" -v p="$peer" -v b="$4" 'BEGIN {
        if (p != "-") { ratio = sprintf("%.2f", o / p); p = sprintf("%.2f", p) } else ratio = "-"
        bound = b; sub(/^<=/, "", bound); sub(/ .*/, "", bound)
        figure = b ~ / / ? o : o / (p == "-" ? 1 : p)
        verdict = b == "-" ? "-" : (figure < bound + 0.005 ? "ok" : "short")
        printf "%s\t%.2f\t%s\t%s\t%s\t%s\n", n, o, p, ratio, b, verdict }'
}

# difference A B TO: writes what A costs more than B, pass by pass.
difference() { paste "$work/$1" "$work/$2" | awk '{print $1 - $2}' >"$work/$3"; }

print_header() {
    printf '# machine\t%s, %s cores, Linux %s\n' "$(sed -nE 's/^model name\s*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(uname -r)"
    printf '# commit\t%s\n' "$commit"
    printf '# jvm\t%s\n' "$("$JAVA_HOME/bin/java" -version 2>&1 | sed -n 2p)"
    printf '# peers\tthe JDK above; %s\n' "${without:-liburcu $(pkg-config --modversion liburcu 2>/dev/null || echo installed), $("${CC:-cc}" --version | head -1)}"
    printf '# load\t%s passes of %s ms iterations, medians; load average before %s, after %s\n' "$passes" "$millis" "$before" "$after"
    printf 'row\tours\tpeer\tratio\tbar\tverdict\n'
}

print_ours() {
    difference ReadSection.section.1 ReadSection.volatileLoad.1 difference
    row 'section minus volatile load' difference - '<=2 ns'
    row 'section, volatile load' ReadSection.section.1 ReadSection.volatileLoad.1 -
    row 'section, StampedLock read' ReadSection.section.1 ReadPeers.stampedLockRead.1 '<=0.5'
    row 'section 2 threads, 1 thread' ReadSection.section.2 ReadSection.section.1 '<=1.15'
    row 'guest section, AtomicLong inc+dec' GuestSection.section.1 GuestSection.atomicLong.1 '<=1.5'
    row 'fork+up, down+up' ReadSection.forkedSection.1 ReadSection.emptySection.1 '<=1'
    row 'synchronize, 16 slots, idle' Synchronize.synchronize-0.1 - '<=1000 ns'
    row 'synchronize, 16 slots, one busy reader' Synchronize.synchronize-1.1 - '<=3000 ns'
    row 'retire, bursts of 256' Retire.burst.1 - '<=100 ns'
    row 'retire, flood in a 64 MB heap' Retire.flood.1 - -
    row 'retire, flood: most pending' Retire.flood.1.pending - '<=16384 releases'
    row 'bytes a section' ReadSection.section.1.bytes - '<=0 bytes'
    row 'bytes a section, by thread' ReaderThreadSection.section.1.bytes - '<=0 bytes'
    row 'bytes a guest section' GuestSection.section.1.bytes - '<=0 bytes'
    row 'bytes a forked section' ReadSection.forkedSection.1.bytes - '<=0 bytes'
    row 'bytes a try-with-resources section' ReaderThreadSection.resource.1.bytes - '<=0 bytes'
    row 'bytes a guest try-with-resources section' GuestSection.resource.1.bytes - '<=0 bytes'
}

print_peers() {
    local peer flavour
    row 'section by thread, by index' ReaderThreadSection.section.1 ReadSection.section.1 -
    row 'try-with-resources, token' ReaderThreadSection.resource.1 ReaderThreadSection.section.1 -
    row 'guest try-with-resources, token' GuestSection.resource.1 GuestSection.section.1 -
    for peer in stampedLockOptimistic readWriteLockRead monitor referenceCount sharedArena; do
        row "section, $peer" ReadSection.section.1 "ReadPeers.$peer.1" -
    done
    for peer in stampedLockRead stampedLockOptimistic readWriteLockRead monitor referenceCount sharedArena; do
        row "section, $peer, 2 threads" ReadSection.section.2 "ReadPeers.$peer.2" -
    done
    row 'guest section 2 threads, 1 thread' GuestSection.section.2 GuestSection.section.1 -
    for flavour in ${compiled[@]+"${compiled[@]}"}; do
        row "section, liburcu $flavour" ReadSection.section.1 "urcu-$flavour.read1" -
        row "section, liburcu $flavour, 2 threads" ReadSection.section.2 "urcu-$flavour.read2" -
        row "synchronize idle, liburcu $flavour" Synchronize.synchronize-0.1 "urcu-$flavour.sync0" -
        row "synchronize one busy reader, liburcu $flavour" Synchronize.synchronize-1.1 "urcu-$flavour.sync1" -
    done
    row 'section, one locked instruction' ReadSection.section.1 locked -
    row 'synchronize idle, one membarrier' Synchronize.synchronize-0.1 membarrier.0 -
    row 'synchronize one busy reader, one membarrier' Synchronize.synchronize-1.1 membarrier.1 -
}

compile_peers
[[ -z $without ]] || echo "rcu.sh: $without" >&2
commit=$(git -C "$top" rev-parse --short HEAD 2>/dev/null || echo none)
before=$(cut -d' ' -f1 /proc/loadavg)
for ((pass = 0; pass < passes; pass++)); do
    measure
done
after=$(cut -d' ' -f1 /proc/loadavg)
print_header
print_ours
print_peers
