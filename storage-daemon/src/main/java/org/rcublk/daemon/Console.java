// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

/** The program's own lines for the user, apart from the log. */
final class Console {
    private Console() {}

    static void error(String message) {
        System.err.println("rcublk: " + message);
    }

    static void info(String message) {
        System.err.println("rcublk: " + message);
    }
}
