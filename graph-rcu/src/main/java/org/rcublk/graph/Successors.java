// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.rcu.Mutants;

/**
 * The versions that may follow a version. Pure functions: the caller tries to publish what they return and calls again
 * when another publication came first (guarantee E).
 *
 * @param <P> the plan that I/O follows
 */
@GlobalState
final class Successors<P> {
    private static final boolean GATE_NOT_INHERITED = Mutants.on("graph-gate-not-inherited");
    private static final boolean DETACHED_NOT_DRAINED = Mutants.on("graph-detached-not-drained");

    private final PlanFactory<P> plans;

    @AnyThread
    Successors(PlanFactory<P> plans) {
        this.plans = plans;
    }

    /** The same graph with gates more. */
    Step<P> gated(Version<P> version, GateOwner owner, HashSet<String> nodes) {
        return regated(version, version.gates().plus(owner, nodes), nodes);
    }

    /** The same graph with gates less. */
    Step<P> ungated(Version<P> version, GateOwner owner, HashSet<String> nodes) {
        return regated(version, version.gates().minus(owner, nodes), nodes);
    }

    private Step<P> regated(Version<P> version, GateTable gates, HashSet<String> nodes) {
        HashSet<String> roots = HashSet.ofAll(version.graph().rootsAbove(nodes));
        HashMap<String, Route<P>> routes = regated(version.routeTable(), gates, roots);
        Version<P> after = new Version<>(version.number() + 1, version.graph(), gates, routes, version.ended());
        return new Step<>(version, after, roots, List.of(), List.of());
    }

    private static <P> HashMap<String, Route<P>> regated(
            HashMap<String, Route<P>> routes, GateTable gates, HashSet<String> roots) {
        HashMap<String, Route<P>> result = routes;
        for (String id : roots) {
            Route<P> route = result.get(id).getOrNull();
            if (route != null) {
                Route<P> now = route.under(gates);
                result = Identity.same(now, route) ? result : result.put(id, now);
            }
        }
        return result;
    }

    /**
     * The candidate's graph, without the owner's gates. Only the routes of affected roots are compiled.
     *
     * @param drained roots that are gated and have no request in flight: none is left of them where they do not reach any more
     */
    Step<P> changed(
            Version<P> version,
            Candidate candidate,
            @Nullable GateOwner owner,
            HashSet<String> held,
            Set<RootState> drained) {
        long number = version.number() + 1;
        BlockGraph graph = candidate.after();
        GateTable gates = owner == null ? version.gates() : version.gates().minus(owner, held);
        HashMap<String, Route<P>> routes = version.routeTable();
        for (String id : candidate.affected()) {
            GraphRoot root = graph.findRoot(id);
            if (root == null) {
                routes = routes.remove(id);
                continue;
            }
            boolean stays = replaces(version, root);
            Route<P> route = compile(root, graph, gates, stays ? number : 0);
            if (stays) {
                requireSameSize(version.route(id), route);
            }
            routes = routes.put(id, route);
        }
        HashSet<String> roots = candidate.affected().addAll(version.graph().rootsAbove(held));
        if (GATE_NOT_INHERITED) {
            roots = roots.filter(id -> version.route(id) != null);
        }
        routes = regated(routes, gates, roots);
        List<Step.Retired> retired = new ArrayList<>();
        HashMap<String, HashMap<RootState, Long>> ended = ended(version, routes, candidate, number, drained);
        for (BlockNode node : candidate.removed()) {
            HashMap<RootState, Long> reached = ended.getOrElse(node.name(), HashMap.empty());
            retired.add(new Step.Retired(node, reached, children(version.graph(), node)));
            ended = ended.remove(node.name());
        }
        return new Step<>(
                version, new Version<>(number, graph, gates, routes, ended), roots, retired, candidate.reset());
    }

    private Route<P> compile(GraphRoot root, BlockGraph graph, GateTable gates, long replacedIn) {
        HashMap<String, NodeState> reach = HashMap.empty();
        for (String name : Walk.down(graph, HashSet.of(root.node()), Walk.ALL)) {
            reach = reach.put(name, graph.node(name).state());
        }
        boolean gated = !GATE_NOT_INHERITED && gates.gatesAny(reach);
        return new Route<>(root, plans.compile(root, graph), gated, reach, replacedIn);
    }

    /** Whatever the change is called: a root that keeps its size to itself keeps it (hazard H25). */
    private void requireSameSize(@Nullable Route<P> old, Route<P> now) {
        long before = old == null ? -1 : plans.size(old.plan());
        long after = plans.size(now.plan());
        if (before >= 0
                && after >= 0
                && before != after
                && !now.root().grant().shared().has(Permission.RESIZE)) {
            throw new GraphException("root '" + now.root().id() + "' would have " + after + " bytes instead of "
                    + before + ", and does not share resize: use a node of the same size, or let go of the root first");
        }
    }

    private static boolean replaces(Version<?> version, GraphRoot root) {
        Route<?> old = version.route(root.id());
        return old != null && Identity.same(old.root().state(), root.state());
    }

    /** The record of ended reaches, with those that end in this version: what an old route reached and its new one not. */
    private static <P> HashMap<String, HashMap<RootState, Long>> ended(
            Version<P> version,
            HashMap<String, Route<P>> routes,
            Candidate candidate,
            long number,
            Set<RootState> drained) {
        HashMap<String, HashMap<RootState, Long>> result = version.ended();
        for (String id : candidate.affected()) {
            Route<P> old = version.route(id);
            if (old == null) {
                continue;
            }
            RootState state = old.root().state();
            Route<P> now = routes.get(id).getOrNull();
            if (drained.contains(state) || (DETACHED_NOT_DRAINED && now == null)) {
                continue;
            }
            HashMap<String, NodeState> still =
                    now == null || !Identity.same(now.root().state(), state) ? HashMap.empty() : now.reached();
            for (String name : old.reached().keysIterator()) {
                if (!Identity.same(
                        still.get(name).getOrNull(), old.reached().get(name).getOrNull())) {
                    HashMap<RootState, Long> entries = uncovered(result.getOrElse(name, HashMap.empty()));
                    result = result.put(name, entries.put(state, number));
                }
            }
        }
        return result;
    }

    private static HashMap<RootState, Long> uncovered(HashMap<RootState, Long> entries) {
        return entries.filter((root, until) -> root.elapsedVersion() < until);
    }

    private static List<NodeState> children(BlockGraph graph, BlockNode node) {
        List<NodeState> found = new ArrayList<>();
        for (Edge edge : node.children()) {
            found.add(graph.node(edge.child()).state());
        }
        return found;
    }
}
