// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.rcublk.annotation.AnyThread;

/**
 * Gives a root other permissions, to take a disk from read-only to writable say, or back.
 *
 * @param root the root's id
 * @param grant what it does with its node from now on, and what others may do
 */
@AnyThread
public record SetGrant(String root, Grant grant) implements Draining {

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return graph.withRoot(graph.root(root).with(grant));
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.of(graph.root(root).node());
    }

    @Override
    public String describe() {
        return "give root '" + root + "' the permission " + grant.used() + ", shared " + grant.shared();
    }
}
