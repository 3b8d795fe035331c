// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Removes a node that nobody uses, with the implicit children that only it uses. See {@link BlockGraph#removeNode}.
 *
 * @param name the node's name
 */
@AnyThread
public record RemoveNode(String name) implements Straddling {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return graph.removeNode(name);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return graph.removedWith(name);
    }

    @Override
    public String describe() {
        return "remove node '" + name + "'";
    }
}
