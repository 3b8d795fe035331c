// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Undoes a {@link Freeze}.
 *
 * @param top the name of the chain's uppermost node
 * @param base the name of its lowest node
 * @param by who froze it, in the same words: nobody thaws what another needs
 */
@AnyThread
public record Thaw(String top, String base, String by) implements Straddling {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return Freeze.set(graph, top, base, by, true);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.empty();
    }

    @Override
    public String describe() {
        return "thaw the chain from node '" + top + "' to node '" + base + "' for " + by;
    }
}
