#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds the sample, a module that uses the checks as any project would, against the jars that were just built: as it is,
# which must work, and with a class that breaks a rule, which must fail with the check's name and line.
#
# Works without a network and leaves the user's local repository alone: Maven gets a local repository of its own, with
# the jars of rcublk in it, and takes all else from the user's as if that were a remote one.
#
# MAVEN_REPO   the user's local repository, by default ~/.m2/repository

set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")/.."

check=BlockingOnIoThread
version=0.1.0-SNAPSHOT
# Maven itself has to run on the JDK that compiles.
JAVA_HOME=$(./rcublk --find-jdk)
export JAVA_HOME

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repository=$work/repository
sample=$work/sample
log=$work/log

die() {
    printf 'sample-check: %s\n' "$1" >&2
    if [[ -e $log ]]; then
        cat "$log" >&2
    fi
    exit 1
}

place() {
    local folder=$repository/org/rcublk/$1/$version
    mkdir -p "$folder"
    cp "$2/pom.xml" "$folder/$1-$version.pom"
    if [[ -n ${3:-} ]]; then
        [[ -e $3 ]] || die "$3 does not exist: build it first, with mvn -pl graph-rcu -am package"
        cp "$3" "$folder/$1-$version.jar"
    fi
}

compile() {
    (cd "$sample" && mvn -B -s "$work/settings.xml" -Dmaven.repo.local="$repository" compile) >"$log" 2>&1
}

place rcublk-parent .
place static-checks static-checks "static-checks/target/static-checks-$version.jar"
place graph-rcu graph-rcu "graph-rcu/target/graph-rcu-$version.jar"
cat >"$work/settings.xml" <<END
<settings>
  <mirrors>
    <mirror><id>user</id><mirrorOf>*</mirrorOf><url>file://${MAVEN_REPO:-$HOME/.m2/repository}</url></mirror>
  </mirrors>
</settings>
END
cp -R static-checks/sample "$sample"

compile || die "the sample does not compile"
[[ -e $sample/target/classes/org/example/disk/Answers.class ]] || die "the sample's compile made no class"

cp -R "$sample/violation/." "$sample/src/main/java/"
source=$(cd "$sample/violation" && find . -name '*.java')
line=$(grep -n 'answers.put' "$sample/violation/$source" | cut -d: -f1)
if compile; then
    die "the sample compiles with a class that breaks a rule"
fi
grep -q "${source##*/}:\[$line,[0-9]*\] \[$check\]" "$log" || die "the compile failed, but not by $check on line $line"
printf 'sample-check: the sample compiles, and fails with %s\n' "$check"
