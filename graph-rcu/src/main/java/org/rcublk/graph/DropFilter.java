// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Removes a filter and puts its child in its place. See {@link BlockGraph#dropFilter}. The child is not gated itself:
 * roots that reach it by another way take the same way afterwards.
 *
 * @param name the filter's name
 */
@AnyThread
public record DropFilter(String name) implements Draining {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return graph.dropFilter(name);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return graph.parents(name).add(graph.node(name).name());
    }

    @Override
    public String describe() {
        return "drop filter '" + name + "'";
    }
}
