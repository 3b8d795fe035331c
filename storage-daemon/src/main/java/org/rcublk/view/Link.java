// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.List;

/**
 * An edge of a drawing, from the upper box to the lower one.
 *
 * @param way the boxes at its ends and what it passes between them, one in each rank, from the top
 * @param lines its caption
 * @param permissions its permissions, which end the caption
 * @param copyOnWrite whether the child is only read
 * @param frozen whether the edge is frozen
 */
record Link(List<Item> way, List<String> lines, String permissions, boolean copyOnWrite, boolean frozen) {
    Item upper() {
        return way.getFirst();
    }

    Item lower() {
        return way.getLast();
    }

    /** The caption is in the rank below the upper box. */
    Item caption() {
        return way.get(1);
    }
}
