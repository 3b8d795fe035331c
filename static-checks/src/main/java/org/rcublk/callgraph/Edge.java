// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

/**
 * One node calls, reads or writes another.
 *
 * @param from the caller
 * @param to the called
 * @param kind in what way
 * @param line the source line in the caller, 0 if that is not known
 * @param note how it came about, such as {@code via interface org.rcublk.io.Device}; empty for the plain case
 * @param throwing nothing but a throw can follow
 */
public record Edge(Node from, Node to, Kind kind, int line, String note, boolean throwing) {
    /** In what way a node leads to another. */
    public enum Kind {
        /** Calls just that method. */
        CALL,
        /** Calls a method that this one implements or overrides. */
        VIRTUAL,
        /** Calls a functional interface's method that this lambda or method reference may be. */
        FUNCTION,
        /** Passes a lambda or method reference to a library method, which may call it there and then. */
        PASSED,
        /** Uses a class, whose initializer then runs once. */
        INITIALIZER,
        /** Reads a field. */
        READ,
        /** Writes a field. */
        WRITE,
        /** Enters a monitor. */
        MONITOR
    }
}
