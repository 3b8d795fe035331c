// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

/**
 * When a load is measured. A value of {@link System#nanoTime} times.
 *
 * @param from where the ramp ends
 * @param to where the load ends
 */
record Window(long from, long to) {
    boolean holds(long now) {
        return now - from >= 0 && now - to < 0;
    }

    boolean over(long now) {
        return now - to >= 0;
    }
}
