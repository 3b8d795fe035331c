// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

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
 * @param leaving nodes, parents first, that may have been written to and leave the flush set of a root that stays, or of
 *     one that does not write any more, or become read-only
 * @param reset nodes, as the old graph has them, whose settings the change replaces
 * @param backing nodes, parents first, that may have been written to and come under a copy-on-write edge: no flush of
 *     what is laid over them reaches them, whether a root does now or did formerly
 */
@AnyThread
record Candidate(
        BlockGraph before,
        BlockGraph after,
        HashSet<String> affected,
        HashSet<String> gates,
        List<BlockNode> added,
        List<BlockNode> removed,
        List<GraphRoot> attached,
        List<BlockNode> leaving,
        List<BlockNode> reset,
        List<BlockNode> backing) {

    private static final Permissions WRITES =
            Permissions.of(Permission.WRITE, Permission.WRITE_UNCHANGED, Permission.RESIZE);

    static Candidate of(GraphChange change, BlockGraph graph) {
        BlockGraph before = graph.marked();
        BlockGraph unchecked = change.apply(before);
        Delta delta = unchecked.delta();
        if (!Identity.same(delta.mark(), before.delta().mark())) {
            throw new GraphException("the change '" + change.describe()
                    + "' returned a graph that it did not derive from the one given: derive it from that");
        }
        HashSet<String> nodes = delta.nodes().filter(n -> !Identity.same(before.find(n), unchecked.find(n)));
        HashSet<String> roots = delta.roots().filter(r -> !Identity.same(before.findRoot(r), unchecked.findRoot(r)));
        requireFits(before, unchecked, nodes);
        BlockGraph after = unchecked.tallied(PermissionCheck.check(before, unchecked, nodes, roots, delta.resized()));
        HashSet<String> rerouted = nodes.filter(n -> !sameWay(before.find(n), after.find(n)));
        HashSet<String> affected = roots.addAll(before.rootsAbove(rerouted)).addAll(after.rootsAbove(rerouted));
        HashSet<String> gates = HashSet.<String>ofAll(change.touches(before))
                .addAll(rerouted)
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
                leaving(before, after, affected, nodes),
                reset(before, after, nodes),
                backing(before, after, nodes));
    }

    /** Whether all that it does is to attach and detach roots, and to add nodes: no route of a root that stays differs. */
    boolean onlyRootsComeAndGo() {
        for (String id : affected) {
            GraphRoot old = before.findRoot(id);
            GraphRoot now = after.findRoot(id);
            if (old != null && now != null && Identity.same(old.state(), now.state())) {
                return false;
            }
        }
        return removed.isEmpty() && gates.forAll(n -> Identity.same(before.find(n), after.find(n)));
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

    /** Has drivers refuse children that they cannot do with. */
    private static void requireFits(BlockGraph before, BlockGraph after, Iterable<String> nodes) {
        for (String name : nodes) {
            BlockNode old = before.find(name);
            BlockNode now = after.find(name);
            if (old != null && now != null && same(old, now) && !old.children().equals(now.children())) {
                now.state().requireFits(old, now);
            }
        }
    }

    /** Whether two descriptions of a node differ only in who froze its edges, which makes no difference to a request. */
    private static boolean sameWay(@Nullable BlockNode old, @Nullable BlockNode now) {
        return old != null && now != null && !old.equals(now) && thawed(old).equals(thawed(now));
    }

    private static BlockNode thawed(BlockNode node) {
        return node.children().exists(e -> e.frozenBy() != null)
                ? node.withChildren(node.children().map(e -> e.frozen(null)))
                : node;
    }

    private static List<BlockNode> reset(BlockGraph before, BlockGraph after, Iterable<String> nodes) {
        List<BlockNode> found = new ArrayList<>();
        for (String name : nodes) {
            BlockNode old = before.find(name);
            BlockNode now = after.find(name);
            if (old != null && now != null && same(old, now) && !Identity.same(old.settings(), now.settings())) {
                found.add(old);
            }
        }
        return found;
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

    private static boolean staysWritable(BlockNode node, @Nullable BlockNode now) {
        return now != null && same(node, now) && !now.readOnly();
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

    private static List<BlockNode> leaving(
            BlockGraph before, BlockGraph after, Iterable<String> affected, Iterable<String> changed) {
        java.util.Set<String> names = new LinkedHashSet<>(sealed(before, after, changed));
        for (String id : affected) {
            GraphRoot old = before.findRoot(id);
            GraphRoot root = after.findRoot(id);
            if (old == null || root == null || !Identity.same(old.state(), root.state())) {
                continue;
            }
            boolean writes = writes(root) || !writes(old);
            java.util.Set<String> kept =
                    writes ? Walk.down(after, HashSet.of(root.node()), Edge::carriesWrites) : java.util.Set.of();
            for (String name : Walk.down(before, HashSet.of(old.node()), Edge::carriesWrites)) {
                BlockNode node = before.node(name);
                if (!node.readOnly() && !(kept.contains(name) && staysWritable(node, after.find(name)))) {
                    names.add(name);
                }
            }
        }
        return names.isEmpty() ? List.of() : Walk.parentsFirst(before, names);
    }

    private static boolean writes(GraphRoot root) {
        return !root.grant().used().and(WRITES).isEmpty();
    }

    /** Nodes that become read-only: no flush reaches them any more, by whatever root or by none, not even their close. */
    private static List<String> sealed(BlockGraph before, BlockGraph after, Iterable<String> changed) {
        List<String> found = new ArrayList<>();
        for (String name : changed) {
            BlockNode old = before.find(name);
            BlockNode now = after.find(name);
            if (old != null && now != null && same(old, now) && !old.readOnly() && now.readOnly()) {
                found.add(name);
            }
        }
        return found;
    }

    private static List<BlockNode> backing(BlockGraph before, BlockGraph after, Iterable<String> changed) {
        java.util.Set<String> names = new LinkedHashSet<>();
        for (String parent : changed) {
            addNew(before, after, behind(before, parent), behind(after, parent), names);
            if (otherChildren(before.find(parent), after.find(parent)) && isBehind(after, parent)) {
                addNew(before, after, below(before, parent), below(after, parent), names);
            }
        }
        return names.isEmpty() ? List.of() : Walk.parentsFirst(before, names);
    }

    /** What is there now and was not, of nodes that may have been written to. */
    private static void addNew(
            BlockGraph before,
            BlockGraph after,
            java.util.Set<String> was,
            java.util.Set<String> is,
            java.util.Set<String> names) {
        for (String name : is) {
            BlockNode node = before.find(name);
            if (node != null && same(node, after.find(name)) && !was.contains(name) && !node.readOnly()) {
                names.add(name);
            }
        }
    }

    private static boolean otherChildren(@Nullable BlockNode old, @Nullable BlockNode now) {
        return old != null && now != null && !old.children().equals(now.children());
    }

    /** Whether a copy-on-write edge leads to a node, or to one whose writes go on to it. */
    private static boolean isBehind(BlockGraph graph, String name) {
        for (String above : Walk.up(graph, HashSet.of(name), Edge::carriesWrites)) {
            for (String parent : graph.parents(above)) {
                if (graph.node(parent)
                        .children()
                        .exists(e -> e.is(ChildRole.COW) && e.child().equals(above))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What a flush of a node reaches, itself left out. */
    private static java.util.Set<String> below(BlockGraph graph, String name) {
        java.util.Set<String> found = Walk.down(graph, HashSet.of(name), Edge::carriesWrites);
        found.remove(name);
        return found;
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
