#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs the JCStress tests and fails unless every test that this machine can run was run and passed.
#
#     jcstress-tests/run.sh [--short] [REGEX] [JCStress options]
#
# REGEX selects tests by name, as -t does. Defaults: -m quick -sc false -af NONE, in each JIT mode that works here; give
# -m default for a run of hours. --short is for CI: one JVM configuration, one process a test. JCStress itself leaves
# out tests with more actors than cores without a word; here they are named, and the rest is counted. Without REGEX the
# jar has to hold exactly the tests of catalogue.tsv.
#
# RCUBLK_JCSTRESS_JVM_ARGS   options for the JVMs of the tests (for example -Dname=value for a negative control);
#                            do not use -jvmArgs, it replaces the matrix of JIT modes; --short does
# RCUBLK_JCSTRESS_FOLDER     where logs and reports go (target/jcstress in this module)

set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jar=$here/target/jcstress.jar
java=$("$here/../rcublk" --find-jdk)/bin/java
folder=${RCUBLK_JCSTRESS_FOLDER:-$here/target/jcstress}

die() {
    echo "jcstress: $*" >&2
    exit 1
}

[[ -f $jar ]] || die "$jar is missing: build it with mvn -pl jcstress-tests -am package -DskipTests"

pattern='.*' mode=quick short=false
jvm_args="--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${RCUBLK_JCSTRESS_JVM_ARGS:-}"
options=()
if (($#)) && [[ $1 == --short ]]; then
    short=true
    shift
fi
if (($#)) && [[ $1 != -* ]]; then
    pattern=$1
    shift
fi
while (($#)); do
    case $1 in
        -t) pattern=$2; shift 2 ;;
        -m) mode=$2; shift 2 ;;
        -jvmArgsPrepend) jvm_args+=" $2"; shift 2 ;;
        -l) exec "$java" -cp "$jar" org.rcublk.jcstress.Plan "$pattern" ;;
        *) options+=("$1"); shift ;;
    esac
done

plan=$("$java" -cp "$jar" org.rcublk.jcstress.Plan "$pattern")
if [[ $pattern == '.*' ]]; then
    # Names in the table are without the package.
    unlisted=$(diff <(sed -E 's/^[0-9]+ [a-z.]+\.//' <<<"$plan" | sort) \
        <(sed '/^#/d' "$here/catalogue.tsv" | cut -f2 | sort) | grep '^[<>]' || true)
    [[ -z $unlisted ]] || die "jar (<) and catalogue.tsv (>) differ: $unlisted"
fi

if $short; then
    options+=(-f 1 -jvmArgs "${jvm_args% }")
else
    options+=(-jvmArgsPrepend "${jvm_args% }")
fi
mkdir -p "$folder"
cd "$folder" # JCStress writes its raw results into the current folder
rm -f jcstress-results-*.bin.gz
status=0
# -v has the tables of tests that passed in the log; they are not shown here.
"$java" -jar "$jar" -t "$pattern" -m "$mode" -sc false -af NONE -v -r "$folder/report" "${options[@]}" 2>&1 |
    tee "$folder/log" | sed -u '/^ *All remaining tests:/,$d' || status=$?

# The cores that JCStress found say which tests it can run. Its other tests it drops.
cores=$(sed -nE 's/^ *Hardware CPUs in use: ([0-9]+).*/\1/p' "$folder/log")
[[ -n $cores ]] || die "it did not start (exit status $status): see $folder/log"
runnable=0 skipped=0
while read -r actors name; do
    if ((actors > cores)); then
        echo "jcstress: SKIPPED $name: $actors actors, $cores cores"
        skipped=$((skipped + 1))
    else
        runnable=$((runnable + 1))
    fi
done <<<"$plan"
((runnable > 0)) || die "no test that matches '$pattern' can run here ($skipped skipped)"

# Each test runs in every JIT configuration that works here, and in those that randomise the JIT more often.
configurations=$(sed -n '/^Probing what VM configurations/,/^Detecting/p' "$folder/log" | grep '^----- \[OK\]' || true)
stress=$(grep -c 'Stress' <<<"$configurations" || true)
plain=$(grep -c -v 'Stress' <<<"$configurations" || true)
[[ $(<"$folder/log") =~ Forks\ per\ test:\ ([0-9]+)\ normal,\ ([0-9]+)\ stress ]] || die "unknown number of forks"
expected=$((runnable * (plain * BASH_REMATCH[1] + stress * BASH_REMATCH[2])))

results=$(grep -oE '\(Results: .*\)' "$folder/log" | tail -1 || true)
[[ $results =~ ([0-9]+)\ planned\;\ ([0-9]+)\ passed ]] || die "no result was reported: see $folder/log"
planned=${BASH_REMATCH[1]} passed=${BASH_REMATCH[2]}
echo "jcstress: $runnable tests, $skipped skipped; runs: $expected expected, $planned planned, $passed passed; $SECONDS s"
((planned == expected)) || die "$planned runs planned, but the jar holds tests for $expected on this machine"
((status == 0)) || die "failed (exit status $status): see $folder/report/index.html"
((passed == planned)) || die "only $passed of $planned passed: see $folder/report/index.html"
