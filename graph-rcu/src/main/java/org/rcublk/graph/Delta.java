// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import org.rcublk.annotation.AnyThread;

/**
 * The names that differ between a graph and the one it was derived from. Each primitive update of {@link BlockGraph}
 * adds to it, so that what a change affects is known without comparing two graphs and without trusting the change.
 *
 * @param mark stands for the graph that the derivation started from; a token, so that no old graph is kept alive
 * @param nodes names of nodes put or removed
 * @param roots ids of roots put or removed
 * @param resized names of nodes that got another size, which their users must put up with
 */
@AnyThread
record Delta(Object mark, HashSet<String> nodes, HashSet<String> roots, HashSet<String> resized) {

    static Delta none() {
        return new Delta(new Object(), HashSet.empty(), HashSet.empty(), HashSet.empty());
    }

    Delta node(String name) {
        return new Delta(mark, nodes.add(name), roots, resized);
    }

    Delta root(String id) {
        return new Delta(mark, nodes, roots.add(id), resized);
    }

    Delta resize(String name) {
        return new Delta(mark, nodes, roots, resized.add(name));
    }
}
