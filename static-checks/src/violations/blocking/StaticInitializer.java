// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: static initializer
// layer: callgraph
// from: StaticInitializer.ready
// to: Files.readAllLines
package seed.blocking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rcublk.annotation.IoThreadOnly;

final class StaticInitializer {
    /** Runs on whichever thread touches it first. */
    static final class Hosts {
        static final List<String> LINES = read();

        static List<String> read() {
            try {
                return Files.readAllLines(Path.of("/etc/hosts")); // HERE
            } catch (IOException e) {
                return List.of();
            }
        }
    }

    @IoThreadOnly
    int ready() {
        return Hosts.LINES.size();
    }
}
