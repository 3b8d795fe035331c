// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * What is published: the graph, the gates and the routes of all roots, in one immutable object that a reader gets by
 * one load (guarantee A). Strict collections only.
 *
 * <p>The version also keeps, for each of its nodes, which roots reached it formerly and in which version that ended.
 * It is decided by the same compare-and-set as the rest, so no publication can be missed; a drain of the node waits for
 * these roots too, and so does its retirement. Entries that a grace period covers are left out when a node's entries are next touched.
 *
 * <p>Keep a version no longer than a request: it holds on to every node that it describes.
 *
 * @param <P> the plan that I/O follows
 */
@AnyThread
public final class Version<P> {
    private final long number;
    private final BlockGraph graph;
    private final GateTable gates;
    private final HashMap<String, Route<P>> routes;
    private final HashMap<String, HashMap<RootState, Long>> ended;

    Version(
            long number,
            BlockGraph graph,
            GateTable gates,
            HashMap<String, Route<P>> routes,
            HashMap<String, HashMap<RootState, Long>> ended) {
        this.number = number;
        this.graph = graph;
        this.gates = gates;
        this.routes = routes;
        this.ended = ended;
    }

    static <P> Version<P> first() {
        return new Version<>(0, BlockGraph.empty(), GateTable.NONE, HashMap.empty(), HashMap.empty());
    }

    /**
     * The version's number. Each publication, of a gate too, counts one up.
     *
     * @return 0 for the empty graph before the first publication
     */
    public long number() {
        return number;
    }

    /**
     * The graph.
     *
     * @return the graph
     */
    public BlockGraph graph() {
        return graph;
    }

    /**
     * The way of a root's requests.
     *
     * @param rootId the root's id
     * @return the route, or null when the version has no such root
     */
    public @Nullable Route<P> route(String rootId) {
        return routes.get(rootId).getOrNull();
    }

    /**
     * The ways of all roots by id.
     *
     * @return a strict persistent map
     */
    public Map<String, Route<P>> routes() {
        return routes;
    }

    /**
     * The nodes on which a gate holds.
     *
     * @return their names
     */
    public io.vavr.collection.Set<String> gatedNodes() {
        return gates.nodes();
    }

    GateTable gates() {
        return gates;
    }

    HashMap<String, Route<P>> routeTable() {
        return routes;
    }

    /** Root to the number of the version in which the root ceased to reach the node, by the node's name. */
    HashMap<String, HashMap<RootState, Long>> ended() {
        return ended;
    }

    /**
     * The roots that may still have requests on one of some nodes though they do not reach it any more: detached ones, and
     * ones whose route was changed without a drain of theirs. One that the change had drained left none behind.
     */
    List<RootState> departed(Iterable<String> names) {
        Set<RootState> found = Collections.newSetFromMap(new IdentityHashMap<>());
        for (String name : names) {
            ended.getOrElse(name, HashMap.empty()).forEach((root, until) -> {
                if (root.elapsedVersion() < until) {
                    found.add(root);
                }
            });
        }
        return List.copyOf(found);
    }

    /** Whether a root ceased to reach a node after the version of the given number; true for a number below 0. */
    boolean leftSince(String node, long number) {
        return number < 0 || ended.getOrElse(node, HashMap.empty()).values().exists(until -> until > number);
    }

    /** For a negative control: a version whose gates were loaded apart from the rest. */
    static <P> Version<P> torn(Version<P> rest, Version<P> gatesOf) {
        GateTable gates = gatesOf.gates;
        return new Version<>(rest.number, rest.graph, gates, rest.routes.mapValues(r -> r.under(gates)), rest.ended);
    }
}
