// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Attaches a root to a node. It inherits a gate that holds on what it reaches, and does not wait for it. See
 * {@link BlockGraph#attachRoot}.
 *
 * @param root the root
 */
@AnyThread
public record AttachRoot(GraphRoot root) implements Straddling {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return graph.attachRoot(root);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.of(root.node());
    }

    @Override
    public String describe() {
        return "attach root '" + root.id() + "' to node '" + root.node() + "'";
    }
}
