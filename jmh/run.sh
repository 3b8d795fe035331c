#!/usr/bin/env bash
# Copyright The rcublk authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs the benchmarks of the built jar: jmh/run.sh [REGEX] [JMH options]. JMH hands the flags of its own JVM on to
# those that it forks, and a manifest's do not count among them: so they are given here.
#
# RCUBLK_JAVA_OPTS   more options for the JVMs, separated by spaces

set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jar=$here/target/benchmarks.jar
if [[ ! -f $jar ]]; then
    echo "jmh: $jar is missing: build it with mvn -pl jmh -am package -DskipTests" >&2
    exit 1
fi
jdk=$("$here/../rcublk" --find-jdk)
read -ra more <<<"${RCUBLK_JAVA_OPTS:-}"
exec "$jdk/bin/java" --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -XX:+UseCompactObjectHeaders -XX:+UseG1GC ${more[@]+"${more[@]}"} \
    -cp "$jar" org.openjdk.jmh.Main "$@"
