// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Where the project's files are, as seen from a test of this module. */
final class Project {
    private static final Path TOP = Path.of("").toAbsolutePath().getParent();

    /** The modules whose code the threading rules are about. */
    static final List<String> MODULES = List.of("graph-rcu", "io-rings", "drivers", "storage-daemon");

    private Project() {}

    static Path file(String path) {
        return TOP.resolve(path);
    }

    /** The compiled main classes of those modules. */
    static List<Path> classes() {
        return MODULES.stream().map(module -> file(module + "/target/classes")).toList();
    }

    /** Surefire may start the JVM with a jar that only names the class path, and then keeps the real one here. */
    static String classPath() {
        String real = System.getProperty("surefire.test.class.path");
        return real != null ? real : System.getProperty("java.class.path");
    }

    /** The jars of other projects that ours run on. */
    static List<Path> libraries() {
        return Arrays.stream(classPath().split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar") && !Path.of(entry).startsWith(TOP))
                .map(Path::of)
                .toList();
    }
}
