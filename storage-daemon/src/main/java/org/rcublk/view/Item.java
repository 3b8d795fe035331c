// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.ArrayList;
import java.util.List;

/**
 * What takes room in a rank of a drawing: a box, the caption of an edge, or the place where a long edge passes by. Its
 * neighbours are in the ranks next to its own. Confined to the thread that makes the drawing.
 */
final class Item {
    final int rank;
    final double width;
    final double height;
    final List<Item> above = new ArrayList<>();
    final List<Item> below = new ArrayList<>();

    /** Its place in its rank, from the left. */
    int order;

    /** Its middle. */
    double x;

    /** The middle of its rank, and of itself. */
    double y;

    /** Where its rank begins and ends, which is the same for all items in it. */
    double rankTop;

    double rankBottom;

    Item(int rank, double width, double height) {
        this.rank = rank;
        this.width = width;
        this.height = height;
    }

    static void link(Item upper, Item lower) {
        upper.below.add(lower);
        lower.above.add(upper);
    }

    double left() {
        return x - width / 2;
    }

    double right() {
        return x + width / 2;
    }

    double top() {
        return y - height / 2;
    }

    double bottom() {
        return y + height / 2;
    }
}
