// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a version is made of strict collections
// hiding: direct
// layer: compile LazyVavrInVersion
package seed.lazyvavr;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Stream;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.Straddling;

/** What describes a change ends up in what readers see. */
final class StreamInChange implements Straddling {
    private final Stream<String> names; // HERE

    StreamInChange(Iterable<String> names) {
        this.names = Stream.ofAll(names);
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
