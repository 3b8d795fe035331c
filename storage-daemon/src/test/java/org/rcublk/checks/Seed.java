// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.nio.file.Path;
import java.util.List;

/**
 * A seeded violation, or a clean twin of one: a few sources that are compiled, analysed or run to see which layer finds
 * what is wrong with them.
 *
 * @param folder the folder of its rule, which is the last part of its package's name
 * @param name the class in which it begins
 * @param sources its own sources
 * @param library sources that are compiled first, and known by their byte code alone
 * @param head what the comment at its head says
 * @param marked where the violation is; null in a clean twin
 */
record Seed(String folder, String name, List<Path> sources, List<Path> library, Head head, Place marked) {
    /** Which layer is named for a violation. */
    enum Layer {
        COMPILE,
        CALLGRAPH,
        RUNTIME,
        NONE
    }

    /**
     * What a seed says of itself.
     *
     * @param rule the rule that is broken, in words
     * @param hiding how the violation is hidden
     * @param layer who is to find it
     * @param check the check that finds it at compile time, else empty
     * @param from where the path of the call graph begins, {@code Class.method}, else empty
     * @param to where it ends
     * @param error part of the message at run time, else empty
     * @param flags what the JVM that runs it needs; empty if the test's own will do
     */
    record Head(
            String rule,
            String hiding,
            Layer layer,
            String check,
            String from,
            String to,
            String error,
            List<String> flags) {}

    /**
     * A line of a source.
     *
     * @param source the file
     * @param line counted from 1
     */
    record Place(Path source, int line) {}

    boolean clean() {
        return head.layer() == Layer.NONE;
    }

    /** Whether it spans several files, in a package of its own. */
    boolean spansFiles() {
        return sources.size() + library.size() > 1;
    }

    String packageName() {
        String shared = "seed." + folder;
        return spansFiles() ? shared + "." + name.toLowerCase(java.util.Locale.ROOT) : shared;
    }

    String className() {
        return packageName() + "." + name;
    }

    @Override
    public String toString() {
        return folder + "/" + name;
    }
}
