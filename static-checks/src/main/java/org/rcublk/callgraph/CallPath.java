// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.List;

/**
 * A way from one node to another.
 *
 * @param start where it begins
 * @param edges the calls in order; none if start and end are one
 * @param allocation what the last node allocates, for such questions; else an empty list, and never more than one
 */
public record CallPath(Node start, List<Edge> edges, List<Allocation> allocation) {
    /**
     * Where it ends.
     *
     * @return the last node
     */
    public Node end() {
        return edges.isEmpty() ? start : edges.getLast().to();
    }
}
