#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# Negative controls: each JCStress test is run against the production classes with one fault switched on, and has to see
# the outcome that it forbids. A test that cannot fail proves nothing.
#
#     jcstress-tests/controls.sh [REGEX]
#
# REGEX selects controls by test or fault. A control is repeated until the outcome is seen, RCUBLK_CONTROL_SECONDS (300)
# at most. "steps" means that threads are held at named steps of the production code, because the interleaving by itself
# is one in millions.

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
failed=0

# test, fault, steps
control() {
    local test=$1 fault=$2 steps=$3 log="$folder/$1-$2.log" start=$SECONDS runs=0
    [[ "$test $fault" =~ $pattern ]] || return 0
    while ((SECONDS - start < budget)); do
        runs=$((runs + 1))
        rm -f jcstress-results-*.bin.gz
        "$java" -jar "$jar" -t "\.$test\$" -m quick -sc false -af NONE -f 1 -r "$folder/report" \
            -jvmArgs "$flags -Drcublk.mutants=$fault -Drcublk.steps=$steps" >"$log" 2>&1 || true
        if grep -q 'Observed forbidden state' "$log"; then
            local hits samples
            # The table stands in the log twice: count the one in the closing results.
            read -r hits samples < <(awk '
                /^RUN RESULTS/ { closing = 1 }
                closing && /(Acceptable|Forbidden|Interesting) / {
                    for (i = 1; i < NF; i++) if ($(i + 1) ~ /%$/) { count = $i; gsub(",", "", count); break }
                    samples += count
                    if (/Forbidden /) hits += count
                }
                END { print hits + 0, samples + 0 }' "$log")
            echo "controls: $test sees $fault (steps $steps): $hits of $samples samples forbidden, run $runs, $((SECONDS - start)) s"
            return 0
        fi
    done
    echo "controls: $test did NOT see $fault (steps $steps) in $runs runs, $((SECONDS - start)) s: see $log" >&2
    failed=1
}

control SBsyncTest rcu-no-store-load false
control RcuSyncFreeTest rcu-release-early false
control FlipRaceTest rcu-one-scan true
control FalseZeroTest rcu-locks-first true
control SnapshotAtomicTest graph-two-fields true
control LostUpdateTest graph-publish-set false
control GateAdmitTest io-check-then-count true
control ParkReleaseTest graph-release-before-publish false
exit "$failed"
