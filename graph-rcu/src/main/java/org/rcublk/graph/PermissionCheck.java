// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * Works out who does what with which node in the graph that a change leads to, and refuses it if two users of a node are
 * in each other's way (hazard H26).
 *
 * <p>Only the final graph counts: what a list of changes passes through on its way need not be sound. Its nodes are gone
 * through in topological order, parents first, because what a node does with its children follows from what its own users
 * do with it. Only nodes are looked at that what differs between the two graphs reaches; of all others the earlier
 * graph's {@link Tally} holds.
 *
 * <p>What a user did in the earlier graph is taken off the node's tally, and what it does in the final one is put on; both
 * are pure functions of their graph, so nothing is kept beside the tallies.
 */
@AnyThread
final class PermissionCheck {
    private static final Permissions NEED_WRITABLE =
            Permissions.of(Permission.WRITE, Permission.WRITE_UNCHANGED, Permission.RESIZE);

    private final BlockGraph before;
    private final BlockGraph after;
    private final Map<String, Tally> changed = new LinkedHashMap<>();

    private PermissionCheck(BlockGraph before, BlockGraph after) {
        this.before = before;
        this.after = after;
    }

    /**
     * The tallies of the final graph.
     *
     * @param before a graph whose tallies are right
     * @param after the graph that a change of it leads to
     * @param nodes names of nodes that differ between the two
     * @param roots ids of roots that differ between the two
     * @param resized names of nodes that got another size
     * @throws GraphException naming the node and both users
     */
    static HashMap<String, Tally> check(
            BlockGraph before,
            BlockGraph after,
            Iterable<String> nodes,
            Iterable<String> roots,
            Iterable<String> resized) {
        PermissionCheck check = new PermissionCheck(before, after);
        check.count(nodes, roots);
        check.changed.keySet().forEach(check::requireSound);
        for (String name : nodes) {
            check.requireSound(name); // one may have become read-only and be used as before
        }
        resized.forEach(check::requireResizable);
        return check.tallies();
    }

    private void count(Iterable<String> nodes, Iterable<String> roots) {
        Set<String> starts = new LinkedHashSet<>();
        for (String id : roots) {
            GraphRoot old = before.findRoot(id);
            GraphRoot now = after.findRoot(id);
            change(old == null ? null : old.node(), old == null ? Grant.NONE : old.grant(), false, starts);
            change(now == null ? null : now.node(), now == null ? Grant.NONE : now.grant(), true, starts);
        }
        Set<String> differing = new LinkedHashSet<>();
        for (String name : nodes) {
            differing.add(name);
            starts.add(name);
            BlockNode old = before.find(name);
            if (old != null) { // now, and not in the final graph's order: a former child may come before its former
                // parent
                old.children().forEach(e -> change(e.child(), oldGrant(old, e), false, starts));
            }
        }
        for (BlockNode node : Walk.parentsFirst(after, Walk.down(after, starts, Walk.ALL))) {
            Grant above = tally(node.name()).total();
            boolean differs = differing.contains(node.name());
            if (differs || !above.equals(before.tally(node.name()).total())) {
                for (Edge edge : node.children()) {
                    Tally rest =
                            differs ? tally(edge.child()) : tally(edge.child()).minus(oldGrant(node, edge));
                    changed.put(edge.child(), rest.plus(node.state().childGrant(node, edge, above)));
                }
            }
        }
    }

    private Grant oldGrant(BlockNode old, Edge edge) {
        return old.state().childGrant(old, edge, before.tally(old.name()).total());
    }

    private void change(@Nullable String node, Grant grant, boolean more, Set<String> starts) {
        if (node != null) {
            changed.put(node, more ? tally(node).plus(grant) : tally(node).minus(grant));
            starts.add(node);
        }
    }

    private Tally tally(String node) {
        Tally known = changed.get(node);
        return known == null ? before.tally(node) : known;
    }

    private HashMap<String, Tally> tallies() {
        HashMap<String, Tally> result = before.tallies();
        for (Map.Entry<String, Tally> entry : changed.entrySet()) {
            result = entry.getValue().isNone()
                    ? result.remove(entry.getKey())
                    : result.put(entry.getKey(), entry.getValue());
        }
        return result;
    }

    // ---- refusals ----

    /** A user of a node, in words. */
    private record User(String words, Grant grant) {}

    private void requireSound(String name) {
        BlockNode node = after.find(name);
        if (node == null) {
            return;
        }
        Tally tally = tally(name);
        Permissions conflicts = tally.conflicts();
        if (!conflicts.isEmpty()) {
            throw conflict(name, conflicts);
        }
        Permissions forbidden = tally.total().used().and(NEED_WRITABLE);
        if (node.readOnly() && !forbidden.isEmpty()) {
            User user = users(name).stream()
                    .filter(u -> !u.grant().used().and(NEED_WRITABLE).isEmpty())
                    .findFirst()
                    .orElseThrow();
            throw new GraphException(user.words() + " needs the permission "
                    + user.grant().used().and(NEED_WRITABLE) + " on node '" + name
                    + "', which is read-only: open the node for writing, or make its user read-only");
        }
    }

    /** Whoever changes a size uses {@link Permission#RESIZE} for that moment. */
    private void requireResizable(String name) {
        if (after.find(name) == null || tally(name).total().shared().has(Permission.RESIZE)) {
            return;
        }
        User keeper = users(name).stream()
                .filter(u -> !u.grant().shared().has(Permission.RESIZE))
                .findFirst()
                .orElseThrow();
        throw new GraphException("node '" + name + "' cannot be resized, because " + keeper.words()
                + " does not share the permission resize: let go of the node with it first");
    }

    private GraphException conflict(String name, Permissions conflicts) {
        List<User> users = users(name);
        Permissions first = new Permissions(Integer.lowestOneBit(conflicts.bits())); // writes before sizes
        for (User refuser : users) {
            Permissions refused = conflicts.without(refuser.grant().shared());
            for (User user : users) {
                Permissions both = user.grant().used().and(refused);
                if (!Identity.same(user, refuser) && !both.and(first).isEmpty()) {
                    return new GraphException(user.words() + " needs the permission " + both + " on node '" + name
                            + "', which " + refuser.words()
                            + " does not share: make one of them read-only, or let go of"
                            + " the node with one first");
                }
            }
        }
        throw new IllegalStateException("tally of node '" + name + "' is wrong");
    }

    private List<User> users(String name) {
        List<User> found = new ArrayList<>();
        for (String id : after.rootsOn(name)) {
            found.add(new User("root '" + id + "'", after.root(id).grant()));
        }
        for (String parent : after.parents(name)) {
            BlockNode node = after.node(parent);
            for (Edge edge : node.children()) {
                if (edge.child().equals(name)) {
                    Grant grant =
                            node.state().childGrant(node, edge, tally(parent).total());
                    found.add(new User(
                            "node '" + parent + "' (its child '" + edge.name() + "'" + onBehalf(parent) + ")", grant));
                }
            }
        }
        return found;
    }

    /** For whom a node does what it does: some of the roots above it. */
    private String onBehalf(String node) {
        io.vavr.collection.Set<String> roots = after.rootsAbove(List.of(node));
        if (roots.isEmpty()) {
            return "";
        }
        String shown = roots.toSortedSet().take(3).mkString("root '", "', root '", "'");
        return ", for " + shown + (roots.size() > 3 ? " and " + (roots.size() - 3) + " more" : "");
    }
}
