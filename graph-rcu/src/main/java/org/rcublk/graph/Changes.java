// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.rcublk.annotation.AnyThread;

/** Several changes as one: all of them are published in one version, or none (guarantee E), over any number of disks. */
@AnyThread
public final class Changes {
    private Changes() {}

    /**
     * Changes that are made one after the other, each to the graph that the one before leads to, and published together.
     * Only the last graph has to be sound. If one of them is {@link Draining}, so are all.
     *
     * @param changes in their order
     * @return one change
     */
    public static GraphChange of(List<? extends GraphChange> changes) {
        List<GraphChange> all = List.copyOf(changes);
        List<Straddling> straddling = new ArrayList<>();
        for (GraphChange change : all) {
            if (change instanceof Straddling one) {
                straddling.add(one);
            }
        }
        return straddling.size() == all.size() ? new StraddlingAll(straddling) : new DrainingAll(all);
    }

    /**
     * As {@link #of(List)}.
     *
     * @param changes in their order
     * @return one change
     */
    public static GraphChange of(GraphChange... changes) {
        return of(List.of(changes));
    }

    private static BlockGraph apply(List<? extends GraphChange> changes, BlockGraph graph) {
        BlockGraph result = graph;
        for (GraphChange change : changes) {
            result = change.apply(result);
        }
        return result;
    }

    private static Set<String> touches(List<? extends GraphChange> changes, BlockGraph graph) {
        HashSet<String> names = HashSet.empty();
        BlockGraph at = graph;
        for (GraphChange change : changes) {
            names = names.addAll(change.touches(at));
            at = change.apply(at);
        }
        return names.filter(n -> graph.find(n) != null);
    }

    private static List<BlockNode> adds(List<? extends GraphChange> changes) {
        return changes.stream().flatMap(c -> c.adds().stream()).toList();
    }

    private static String describe(List<? extends GraphChange> changes) {
        return changes.stream().map(GraphChange::describe).collect(Collectors.joining("; "));
    }

    /** At least one of them drains. */
    private record DrainingAll(List<GraphChange> changes) implements Draining {
        @Override
        public BlockGraph apply(BlockGraph graph) {
            return Changes.apply(changes, graph);
        }

        @Override
        public Set<String> touches(BlockGraph graph) {
            return Changes.touches(changes, graph);
        }

        @Override
        public List<BlockNode> adds() {
            return Changes.adds(changes);
        }

        @Override
        public String describe() {
            return Changes.describe(changes);
        }
    }

    /** None of them drains. */
    private record StraddlingAll(List<Straddling> changes) implements Straddling {
        @Override
        public BlockGraph apply(BlockGraph graph) {
            return Changes.apply(changes, graph);
        }

        @Override
        public Set<String> touches(BlockGraph graph) {
            return Changes.touches(changes, graph);
        }

        @Override
        public List<BlockNode> adds() {
            return Changes.adds(changes);
        }

        @Override
        public String describe() {
            return Changes.describe(changes);
        }
    }
}
