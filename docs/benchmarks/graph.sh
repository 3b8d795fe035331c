#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# What a change of the block graph costs, and whom: publication by size of the graph, a request's way through a chain,
# what one disk notices of another's changes, and how long requests are parked by a change of their own disk.
#
#     docs/benchmarks/graph.sh [--quick]
#
# Prints a header, then a tab-separated line a row: row, ours, peer, ratio ours/peer, bar, ok or short. The peer is our
# own figure at another size, or of the quiet segments of the same run; "-" where there is none. Medians of the passes.
# Exit 0 when everything could be measured, whatever the verdicts.

set -euo pipefail

top=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
passes=5 time=500 changes=500 segments=5 segment=2000 short=()
if [[ ${1:-} == --quick ]]; then
    passes=1 time=500 changes=200 segments=3 segment=1000 short=(-wi 5 -i 2)
elif (($#)); then
    echo "graph.sh: unknown option $1; --quick is the only one" >&2
    exit 2
fi
command -v jq >/dev/null || { echo "graph.sh: jq is missing: install it" >&2; exit 1; }

JAVA_HOME=$("$top/rcublk" --find-jdk)
export JAVA_HOME
jar=$top/jmh/target/benchmarks.jar
if [[ ! -f $jar || -n $(find "$top"/{graph-rcu,io-rings,drivers,jmh}/src/main -name '*.java' -newer "$jar" -print -quit) ]]; then
    echo "graph.sh: building $jar" >&2
    mvn -B -q -f "$top/pom.xml" -pl jmh -am package -DskipTests >&2
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/rcublk-graph.XXXXXX")
trap 'rm -rf "$work"' EXIT

# jmh REGEX: one fork of each; appends each score to $work/CLASS.METHOD-PARAM.
jmh() {
    local key value
    if ! "$top/jmh/run.sh" "$1" -f 1 -foe true -w "${time}ms" -r "${time}ms" -rf json -rff "$work/jmh.json" ${short[@]+"${short[@]}"} >"$work/jmh.log" 2>&1; then
        echo "graph.sh: JMH failed:" >&2
        tail -30 "$work/jmh.log" >&2
        exit 1
    fi
    while IFS=$'\t' read -r key value; do
        echo "$value" >>"$work/$key"
    done < <(jq -r '.[] | [(.benchmark | sub("^org\\.rcublk\\.jmh\\.graph\\."; "")) + "-" + .params.nodes,
        (if .mode == "sample" then .primaryMetric.scorePercentiles["50.0"] else .primaryMetric.score end)] | @tsv' \
        "$work/jmh.json")
}

# program NAME FILE ARGS...: runs a program of the jar; its lines "name value" are appended to $work/FILE.NAME.
program() {
    local name=$1 file=$2 key value rest
    shift 2
    while IFS=$'\t' read -r key value rest; do
        echo "$value" >>"$work/$file.$key"
        [[ -z $rest ]] || echo "$rest" >>"$work/$file.$key.rest"
    done < <("$JAVA_HOME/bin/java" --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
        -XX:+UseCompactObjectHeaders -XX:+UseG1GC -cp "$jar" "org.rcublk.jmh.graph.$name" "$@" 2>>"$work/$file.log")
    [[ -n $(find "$work" -name "$file.*" ! -name '*.log' -print -quit) ]] || { echo "graph.sh: $name failed:" >&2; tail -5 "$work/$file.log" >&2; exit 1; }
}

median() { sort -g "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# row NAME OURS PEER BAR SCALE: files of figures; the bar is for the figure if it has a unit, else for the ratio. Figures
# are divided by SCALE.
row() {
    local peer=-
    [[ $3 == - ]] || peer=$(median "$work/$3")
    awk -v n="$1" -v o="$(median "$work/$2")" -v p="$peer" -v b="$4" -v s="${5:-1}" 'BEGIN {
        o /= s
        if (p != "-") { p /= s; ratio = sprintf("%.2f", p == 0 ? 0 : o / p) } else ratio = "-"
        bound = b; sub(/^<=/, "", bound); sub(/ .*/, "", bound)
        figure = b ~ / / ? o : (p == "-" || p == 0 ? o : o / p)
        verdict = b == "-" ? "-" : (figure < bound + 0.005 ? "ok" : "short")
        printf "%s\t%.2f\t%s\t%s\t%s\t%s\n", n, o, p == "-" ? p : sprintf("%.2f", p), ratio, b, verdict }'
}

# in_band NAME OURS: whether the median of one kind of segment lies within what the quiet segments saw.
in_band() {
    local low high
    low=$(median "$work/isolation.quiet-p999-band")
    high=$(sort -g "$work/isolation.quiet-p999-band.rest" | tail -1)
    awk -v n="$1" -v o="$(median "$work/isolation.$2")" -v l="$low" -v h="$high" -v q="$(median "$work/isolation.quiet-p999")" 'BEGIN {
        printf "%s\t%.2f\t%.2f\t%.2f\t<=%.2f us (band %.2f to %.2f)\t%s\n", n, o / 1000, q / 1000, q == 0 ? 0 : o / q, h / 1000, l / 1000, h / 1000,
            (o <= h ? "ok" : "short") }'
}

commit=$(git -C "$top" rev-parse --short HEAD 2>/dev/null || echo none)
before=$(cut -d' ' -f1 /proc/loadavg)
for ((pass = 0; pass < passes; pass++)); do
    jmh '\.graph\.(Publish|Chain)\.'
    program GateTimes gate-1x16 1 16 "$changes"
    program GateTimes gate-8x16 8 16 "$changes"
done
program Isolation isolation "$segments" "$segment"
after=$(cut -d' ' -f1 /proc/loadavg)

printf '# machine\t%s, %s cores, Linux %s\n' "$(sed -nE 's/^model name\s*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(uname -r)"
printf '# commit\t%s\n' "$commit"
printf '# jvm\t%s\n' "$("$JAVA_HOME/bin/java" -version 2>&1 | sed -n 2p)"
printf '# load\t%s passes, medians; load average before %s, after %s\n' "$passes" "$before" "$after"
printf 'row\tours\tpeer\tratio\tbar\tverdict\n'
row 'publish, reopen one of 1,000 nodes, us (peer: of 10)' Publish.reopen-1000 Publish.reopen-10 '<=20 us' 1000
row 'publish, reopen one of 100,000 nodes, us (peer: of 1,000; log n allows 1.67)' Publish.reopen-100000 Publish.reopen-1000 '<=1.67' 1000
for change in insertAndDropFilter addAndRemoveNode; do
    row "publish, $change, 1,000 nodes, us for both (peer: 10)" "Publish.$change-1000" "Publish.$change-10" - 1000
    row "publish, $change, 100,000 nodes, us for both (peer: 1,000)" "Publish.$change-100000" "Publish.$change-1000" '<=1.67' 1000
done
for nodes in 10 100000; do # what is above the rings, pass by pass, since both ran in one
    paste "$work/Chain.fiveNodes-$nodes" "$work/Chain.rings-$nodes" | awk '{print $1 - $2}' >"$work/overhead-$nodes"
done
row 'request through 5 nodes, above its rings, ns (peer: rings alone)' overhead-10 Chain.rings-10 '<=60 ns'
row 'the same, 100,000 nodes in the graph, ns' overhead-100000 Chain.rings-100000 '<=60 ns'
row 'request through 5 nodes, rings too, ns (peer: 1 node)' Chain.fiveNodes-10 Chain.oneNode-10 -
row 'request through 5 nodes, rings too, 100,000 in the graph, ns (peer: 10 in the graph)' Chain.fiveNodes-100000 Chain.fiveNodes-10 '<=1.1'
row 'B: requests parked' isolation.parked - '<=0 requests'
row 'B: grace periods waited for' isolation.waited-for - '<=0 grace periods'
in_band 'B: p99.9 while A changes, us (peer: quiet)' changing-p999
in_band 'B: p99.9 while a request hangs and changes miss their deadline, us (peer: quiet)' hung-p999
row 'A: changes made' isolation.changes - -
row 'A: CPU of the control thread a change, us' isolation.control-us-per-change - -
for load in 1x16 8x16; do
    bar='-'
    [[ $load == 8x16 ]] || bar='<=200 us'
    row "A: parked by a filter insert, $load, us" "gate-$load.parked" - "$bar" 1000
    for phase in gate drain commit gated wake call; do
        row "A: $phase, $load, us" "gate-$load.$phase" - - 1000
    done
    row "A: parked, 99th percentile, $load, us" "gate-$load.parked-p99" - - 1000
done
