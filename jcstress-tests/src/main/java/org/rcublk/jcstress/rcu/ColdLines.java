// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

/**
 * Cache lines that the core of an actor does not own. Stores to them keep its store buffer full, so that what it stores
 * next waits there, and a missing store-load barrier shows.
 */
public final class ColdLines {
    private static final int LINES = 24;
    private static final int LINE = 64 / Long.BYTES;

    private final long[] lines = new long[LINES * LINE];

    /** Stores to all of them. */
    public void dirty() {
        for (int i = 0; i < lines.length; i += LINE) {
            lines[i] = i;
        }
    }
}
