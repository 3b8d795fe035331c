// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a version is made of strict collections
// hiding: generics
// layer: none
package seed.clean;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.Straddling;

/** Streams in passing, a vector to keep. */
final class StrictInChange implements Straddling {
    private final Vector<String> names;

    StrictInChange(HashMap<String, String> renamed) {
        names = renamed.values().filter(name -> !name.isEmpty()).toVector();
    }

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return names.toStream().foldLeft(graph, BlockGraph::removeNode);
    }

    @Override
    public Set<String> touches(BlockGraph graph) {
        return HashSet.ofAll(names);
    }

    @Override
    public String describe() {
        return "remove nodes";
    }
}
