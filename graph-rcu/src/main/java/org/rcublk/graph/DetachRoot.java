// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Detaches a root. Its running requests go on to their end; nodes that they reach are not closed before that. It waits
 * for nothing, neither for a gate nor for guarantee J. See {@link BlockGraph#detachRoot}.
 *
 * @param id the root's id
 */
@AnyThread
public record DetachRoot(String id) implements Straddling {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return graph.detachRoot(id);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.of(graph.root(id).node());
    }

    @Override
    public String describe() {
        return "detach root '" + id + "'";
    }
}
