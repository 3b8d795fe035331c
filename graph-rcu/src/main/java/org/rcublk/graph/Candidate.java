// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change applied to one graph, and what follows from that. Pure: made anew whenever the graph it was made from is no
 * longer the current one (guarantee E). All of it is derived from the names that the change really touched.
 *
 * @param before the graph that the change was applied to
 * @param after the result
 * @param affected ids of the roots, in the old or the new graph, whose route differs
 * @param gates names of nodes in the old graph on which a gate keeps all requests out that the change concerns
 * @param added nodes whose identity is new to the graph
 * @param removed nodes, as the old graph has them, whose identity leaves the graph
 * @param attached roots whose identity is new to the graph
 * @param leaving nodes, parents first, that may have been written to and leave the flush set of a root that stays
 * @param backing nodes, parents first, that may have been written to and come under a copy-on-write edge: no flush of
 *     what is laid over them reaches them, whether a root does now or did formerly
 */
record Candidate(
        BlockGraph before,
        BlockGraph after,
        HashSet<String> affected,
        HashSet<String> gates,
        List<BlockNode> added,
        List<BlockNode> removed,
        List<GraphRoot> attached,
        List<BlockNode> leaving,
        List<BlockNode> backing) {

    static Candidate of(GraphChange change, BlockGraph graph) {
        BlockGraph before = graph.marked();
        BlockGraph after = change.apply(before);
        Delta delta = after.delta();
        if (!Identity.same(delta.mark(), before.delta().mark())) {
            throw new GraphException("the change '" + change.describe()
                    + "' returned a graph that it did not derive from the one given: derive it from that");
        }
        HashSet<String> nodes = delta.nodes().filter(n -> !Identity.same(before.find(n), after.find(n)));
        HashSet<String> roots = delta.roots().filter(r -> !Identity.same(before.findRoot(r), after.findRoot(r)));
        HashSet<String> affected = roots.addAll(before.rootsAbove(nodes)).addAll(after.rootsAbove(nodes));
        HashSet<String> gates = HashSet.<String>ofAll(change.touches(before))
                .addAll(nodes)
                .addAll(roots.flatMap(r -> nodeOf(before, r)))
                .filter(n -> before.find(n) != null);
        return new Candidate(
                before,
                after,
                affected,
                gates,
                differing(after, before, nodes),
                differing(before, after, nodes),
                attached(before, after, roots),
                leaving(before, after, affected),
                backing(before, after, nodes));
    }

    /** What has to be durable before the publication (guarantee K), parents first. */
    List<BlockNode> toFlush() {
        if (leaving.isEmpty() || backing.isEmpty()) {
            return leaving.isEmpty() ? backing : leaving;
        }
        java.util.Set<String> names = new LinkedHashSet<>();
        leaving.forEach(n -> names.add(n.name()));
        backing.forEach(n -> names.add(n.name()));
        return Walk.parentsFirst(before, names);
    }

    private static Set<String> nodeOf(BlockGraph graph, String root) {
        GraphRoot found = graph.findRoot(root);
        return found == null ? HashSet.empty() : HashSet.of(found.node());
    }

    /** The nodes of one graph whose identity the other does not have under that name. */
    private static List<BlockNode> differing(BlockGraph here, BlockGraph there, Iterable<String> names) {
        List<BlockNode> found = new ArrayList<>();
        for (String name : names) {
            BlockNode node = here.find(name);
            if (node != null && !same(node, there.find(name))) {
                found.add(node);
            }
        }
        return found;
    }

    private static boolean same(BlockNode node, @Nullable BlockNode other) {
        return other != null && Identity.same(other.state(), node.state());
    }

    private static List<GraphRoot> attached(BlockGraph before, BlockGraph after, Iterable<String> ids) {
        List<GraphRoot> found = new ArrayList<>();
        for (String id : ids) {
            GraphRoot root = after.findRoot(id);
            GraphRoot old = before.findRoot(id);
            if (root != null && (old == null || !Identity.same(old.state(), root.state()))) {
                found.add(root);
            }
        }
        return found;
    }

    private static List<BlockNode> leaving(BlockGraph before, BlockGraph after, Iterable<String> affected) {
        java.util.Set<String> names = new LinkedHashSet<>();
        for (String id : affected) {
            GraphRoot old = before.findRoot(id);
            GraphRoot root = after.findRoot(id);
            if (old == null || root == null || !Identity.same(old.state(), root.state())) {
                continue;
            }
            java.util.Set<String> kept = Walk.down(after, HashSet.of(root.node()), Edge::carriesWrites);
            for (String name : Walk.down(before, HashSet.of(old.node()), Edge::carriesWrites)) {
                BlockNode node = before.node(name);
                boolean stays = kept.contains(name) && same(node, after.find(name));
                if (!stays && !node.readOnly()) {
                    names.add(name);
                }
            }
        }
        return names.isEmpty() ? List.of() : Walk.parentsFirst(before, names);
    }

    private static List<BlockNode> backing(BlockGraph before, BlockGraph after, Iterable<String> changed) {
        java.util.Set<String> names = new LinkedHashSet<>();
        for (String parent : changed) {
            java.util.Set<String> backed = behind(before, parent);
            for (String name : behind(after, parent)) {
                BlockNode node = before.find(name);
                if (node != null && same(node, after.find(name)) && !backed.contains(name) && !node.readOnly()) {
                    names.add(name);
                }
            }
        }
        return names.isEmpty() ? List.of() : Walk.parentsFirst(before, names);
    }

    /** The copy-on-write children of a node, with all that a flush of these reaches. */
    private static java.util.Set<String> behind(BlockGraph graph, String parent) {
        BlockNode node = graph.find(parent);
        List<String> children = new ArrayList<>();
        if (node != null) {
            node.children().filter(e -> e.is(ChildRole.COW)).forEach(e -> children.add(e.child()));
        }
        return Walk.down(graph, children, Edge::carriesWrites);
    }
}
