// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a version is made of strict collections
// hiding: interface
// layer: compile LazyVavrInVersion
package seed.lazyvavr;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.Straddling;

/** The type is a strict one's too, but the values of a map are computed when they are asked for. */
final class SeqOfMap implements Straddling {
    private final Seq<String> names;

    SeqOfMap(HashMap<String, String> renamed) {
        names = renamed.values(); // HERE
    }

    @Override
    public BlockGraph apply(BlockGraph graph) {
        return names.foldLeft(graph, BlockGraph::removeNode);
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
