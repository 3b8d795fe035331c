#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# Negative controls: each JCStress test is run against the production classes with one fault switched on, and has to see
# the outcome that it forbids. A test that cannot fail proves nothing. The table is controls.tsv.
#
#     jcstress-tests/controls.sh [REGEX]
#
# REGEX selects controls by test or fault. A control is repeated until the outcome is seen, RCUBLK_CONTROL_SECONDS (300)
# at most; those of one fault run in one start of JCStress. "steps" means that threads are held at named steps of the
# production code, because the interleaving by itself is one in millions. target/controls/results.tsv gets the figures.

set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jar=$here/target/jcstress.jar
java=$("$here/../rcublk" --find-jdk)/bin/java
folder=$here/target/controls
budget=${RCUBLK_CONTROL_SECONDS:-300}
pattern=${1:-.}
flags="--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"

[[ -f $jar ]] || { echo "controls: $jar is missing: build it with mvn -pl jcstress-tests -am package -DskipTests" >&2; exit 1; }
mkdir -p "$folder"
cd "$folder"
printf 'test\tfault\tsteps\thits\tsamples\truns\n' >results.tsv
failed=0

# A test whose name is wrong would otherwise be repeated until its time is up.
known=$("$java" -cp "$jar" org.rcublk.jcstress.Plan)
while IFS=$'\t' read -r test _; do
    [[ $test == \#* ]] || grep -q "\.${test//./\\.}\$" <<<"$known" || { echo "controls: no test $test in the jar" >&2; exit 1; }
done <"$here/controls.tsv"

# Forbidden outcomes and samples of one test, from a log: the table stands there twice, and the closing one counts.
# STALE, of tests that wait for termination, is an outcome like another.
outcomes() {
    awk -v "test=.$1" '
        /^RUN RESULTS/ { closing = 1 }
        closing && /^\.+ \[/ { mine = substr($0, length($0) - length(test) + 1) == test }
        closing && mine && /(Acceptable|Forbidden|Interesting) / {
            for (i = 1; i < NF; i++) if ($(i + 1) ~ /%$/) { count = $i; gsub(",", "", count); break }
            samples += count
            if (/Forbidden /) hits += count
        }
        END { print hits + 0, samples + 0 }' "$2"
}

# fault, steps, options, tests
controls() {
    local fault=$1 steps=$2 options=$3 start=$SECONDS runs=0 hits samples test log
    shift 3
    local waiting=("$@") unseen strides=()
    # Held samples are slow, and JCStress takes no fewer than these two multiplied before it looks at the clock.
    [[ $steps == false ]] || strides=(-strideSize 64 -strideCount 4)
    while ((${#waiting[@]} > 0 && SECONDS - start < budget)); do
        runs=$((runs + 1))
        log=$folder/$fault-$steps-$runs.log
        rm -f jcstress-results-*.bin.gz
        local names
        names=$(printf '|%s' "${waiting[@]//./\\.}")
        # A fault may hang a test that is not made for it. JCStress would wait for long.
        timeout -k 5 "$budget" "$java" -jar "$jar" -t "\.(${names:1})\$" -m quick -sc false -af NONE -f 1 -v -r "$folder/report" \
            ${strides[@]+"${strides[@]}"} \
            -jvmArgs "$flags -Drcublk.mutants=$fault -Drcublk.steps=$steps${options:+ $options}" >"$log" 2>&1 || true
        unseen=()
        for test in "${waiting[@]}"; do
            read -r hits samples < <(outcomes "$test" "$log")
            if ((hits > 0)); then
                echo "controls: $test sees $fault${options:+ $options} (steps $steps): $hits of $samples samples forbidden," \
                    "run $runs, $((SECONDS - start)) s"
                printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$test" "$fault" "$steps" "$hits" "$samples" "$runs" >>results.tsv
            else
                unseen+=("$test")
            fi
        done
        waiting=(${unseen[@]+"${unseen[@]}"})
    done
    for test in ${waiting[@]+"${waiting[@]}"}; do
        echo "controls: $test did NOT see $fault${options:+ $options} (steps $steps) in $runs runs," \
            "$((SECONDS - start)) s: see $log" >&2
        failed=1
    done
}

declare -A tests
groups=()
while IFS=$'\t' read -r test fault steps options; do
    [[ $test == \#* || ! "$test $fault" =~ $pattern ]] && continue
    group="$fault $steps $options"
    [[ -n ${tests[$group]:-} ]] || groups+=("$group")
    tests[$group]+=" $test"
done <"$here/controls.tsv"
((${#groups[@]} > 0)) || { echo "controls: no control matches '$pattern'" >&2; exit 1; }
for group in "${groups[@]}"; do
    read -r fault steps options <<<"$group"
    # shellcheck disable=SC2086 # one word a test
    controls "$fault" "$steps" "$options" ${tests[$group]}
done
echo "controls: ${#groups[@]} faults, $(($(wc -l <results.tsv) - 1)) controls seen, $SECONDS s"
exit "$failed"
