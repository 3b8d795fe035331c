// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * The block graph as a value: nodes, roots, and the reverse of both. Immutable, safe on any thread; every operation
 * returns another graph and shares with this one all that did not change.
 *
 * <h2>Invariants</h2>
 * <ul>
 *   <li>The child of every edge and the node of every root exist, and no node reaches itself.
 *   <li>{@code parents} and {@code rootsOn} are exactly the reverse of the edges and of the roots.
 *   <li>What a frozen edge leads to does not change.
 * </ul>
 * An operation that would break one throws {@link GraphException} and there is no other graph (guarantee E).
 *
 * <h2>Permissions</h2>
 * A user of a node, which is a root or an edge of a parent, has a {@link Grant}: what it uses and what it shares. A
 * root's is given; a parent's follows from those of its own users, by its driver ({@link NodeState#childGrant}). In a
 * published graph no user of a node uses what another does not share, and nobody writes to a read-only node. That is
 * worked out once for the graph that a whole change leads to: what operations pass through need not be sound.
 *
 * <h2>Cost</h2>
 * Updates of the maps take O(log n). Beyond that an operation looks at the users of the nodes that it names and at what
 * an affected root or a new edge reaches, never at the whole graph. All maps are hash tries: Vavr's linked maps take
 * O(n) to remove.
 *
 * <p>Equality is identity.
 */
@AnyThread
public final class BlockGraph {
    private static final BlockGraph EMPTY = new BlockGraph(
            HashMap.empty(), HashMap.empty(), HashMap.empty(), HashMap.empty(), HashMap.empty(), Delta.none());

    private final HashMap<String, BlockNode> nodes;
    private final HashMap<String, GraphRoot> roots;
    private final HashMap<String, HashSet<String>> parents;
    private final HashMap<String, HashSet<String>> rootsOn;
    private final HashMap<String, Tally> tallies; // of the graph that was last checked on the way here
    private final Delta delta;

    private BlockGraph(
            HashMap<String, BlockNode> nodes,
            HashMap<String, GraphRoot> roots,
            HashMap<String, HashSet<String>> parents,
            HashMap<String, HashSet<String>> rootsOn,
            HashMap<String, Tally> tallies,
            Delta delta) {
        this.nodes = nodes;
        this.roots = roots;
        this.parents = parents;
        this.rootsOn = rootsOn;
        this.tallies = tallies;
        this.delta = delta;
    }

    /**
     * The graph that has nothing in it.
     *
     * @return an empty graph
     */
    public static BlockGraph empty() {
        return EMPTY;
    }

    /**
     * A node by name.
     *
     * @param name the name
     * @return the node
     * @throws GraphException when there is none
     */
    public BlockNode node(String name) {
        BlockNode node = find(name);
        if (node == null) {
            throw new GraphException("node '" + name + "' does not exist: add it first");
        }
        return node;
    }

    /**
     * A node by name, if there is one.
     *
     * @param name the name
     * @return the node, or null
     */
    public @Nullable BlockNode find(String name) {
        return nodes.get(name).getOrNull();
    }

    /**
     * A root by id.
     *
     * @param id the id
     * @return the root
     * @throws GraphException when there is none
     */
    public GraphRoot root(String id) {
        GraphRoot root = findRoot(id);
        if (root == null) {
            throw new GraphException("root '" + id + "' does not exist: attach it first");
        }
        return root;
    }

    /**
     * A root by id, if there is one.
     *
     * @param id the id
     * @return the root, or null
     */
    public @Nullable GraphRoot findRoot(String id) {
        return roots.get(id).getOrNull();
    }

    /**
     * All nodes by name.
     *
     * @return a strict persistent map
     */
    public Map<String, BlockNode> nodes() {
        return nodes;
    }

    /**
     * All roots by id.
     *
     * @return a strict persistent map
     */
    public Map<String, GraphRoot> roots() {
        return roots;
    }

    /**
     * The nodes that have an edge to a node.
     *
     * @param name the node's name
     * @return their names; empty when there is no such node
     */
    public Set<String> parents(String name) {
        return parents.getOrElse(name, HashSet.empty());
    }

    /**
     * The roots that sit on a node.
     *
     * @param name the node's name
     * @return their ids; empty when there is no such node
     */
    public Set<String> rootsOn(String name) {
        return rootsOn.getOrElse(name, HashSet.empty());
    }

    /**
     * The roots that reach one of some nodes, over any edges.
     *
     * @param names names of nodes; those that do not exist count for nothing
     * @return the ids of the roots
     */
    public Set<String> rootsAbove(Iterable<String> names) {
        HashSet<String> found = HashSet.empty();
        for (String name : Walk.up(this, names)) {
            found = found.addAll(rootsOn(name));
        }
        return found;
    }

    /**
     * The nodes that a root reaches, over all edges.
     *
     * @param id the root's id
     * @return the names of the nodes
     * @throws GraphException when there is no such root
     */
    public Set<String> reach(String id) {
        return HashSet.ofAll(Walk.down(this, HashSet.of(root(id).node()), Walk.ALL));
    }

    /**
     * The nodes that a flush through a root has to reach: all that its writes may go to, which leaves out what is only
     * reached over {@link ChildRole#COW} edges (guarantee K).
     *
     * @param id the root's id
     * @return the names of the nodes
     * @throws GraphException when there is no such root
     */
    public Set<String> flushSet(String id) {
        return HashSet.ofAll(Walk.down(this, HashSet.of(root(id).node()), Edge::carriesWrites));
    }

    /**
     * What all users of a node do with it, and what all of them share, in the published graph that this one is or was
     * derived from.
     *
     * @param name the node's name
     * @return {@link Grant#NONE} when nobody uses it
     */
    public Grant grantOn(String name) {
        return tally(name).total();
    }

    /**
     * What a node does with a child, and what it shares of it, in the published graph that this one is or was derived from.
     *
     * @param parent the node's name
     * @param edge its edge to the child
     * @return the edge's permissions
     * @throws GraphException when there is no such node
     */
    public Grant edgeGrant(String parent, Edge edge) {
        BlockNode node = node(parent);
        return node.state().childGrant(node, edge, grantOn(parent));
    }

    /**
     * The same graph with all permissions worked out anew. A change needs no call of it: {@link LiveGraph#commit} does as
     * much for what the change touches.
     *
     * @return an equal graph, whose {@link #grantOn} is right
     * @throws GraphException when two users of a node are in each other's way, or one needs to write to a read-only node
     */
    public BlockGraph checked() {
        return tallied(PermissionCheck.check(EMPTY, this, nodes.keySet(), roots.keySet(), HashSet.empty()));
    }

    BlockGraph tallied(HashMap<String, Tally> counted) {
        return new BlockGraph(nodes, roots, parents, rootsOn, counted, delta);
    }

    Tally tally(String name) {
        return tallies.getOrElse(name, Tally.NONE);
    }

    HashMap<String, Tally> tallies() {
        return tallies;
    }

    /**
     * Adds nodes, which may refer to each other in any order.
     *
     * @param added the nodes
     * @return the graph with them
     * @throws GraphException when a name is taken or used twice, a child does not exist, or the nodes form a cycle
     */
    public BlockGraph addNodes(java.util.List<BlockNode> added) {
        return GraphEdits.addNodes(this, added);
    }

    /**
     * Removes a node that nobody uses, and with it the implicit children that nobody else uses, and theirs.
     *
     * @param name the node's name
     * @return the graph without them
     * @throws GraphException when there is no such node, or when a node or root uses it
     */
    public BlockGraph removeNode(String name) {
        return GraphEdits.removeNode(this, name);
    }

    /**
     * What {@link #removeNode} would remove.
     *
     * @param name the node's name
     * @return the names, the given one among them
     * @throws GraphException as {@link #removeNode} does
     */
    public Set<String> removedWith(String name) {
        return marked().removeNode(name).delta.nodes();
    }

    /**
     * Attaches a root to a node.
     *
     * @param root the root
     * @return the graph with it
     * @throws GraphException when the id is taken or there is no such node
     */
    public BlockGraph attachRoot(GraphRoot root) {
        return GraphEdits.attachRoot(this, root);
    }

    /**
     * Detaches a root. Its node stays.
     *
     * @param id the root's id
     * @return the graph without it
     * @throws GraphException when there is no such root
     */
    public BlockGraph detachRoot(String id) {
        return withoutRoot(root(id));
    }

    /**
     * Adds a filter over a node: every parent and root of the node becomes the filter's. Parents that the filter itself
     * reaches keep their edge, so no cycle can come of it.
     *
     * @param name the node's name
     * @param filter the filter, a new node whose {@link ChildRole#FILTERED} child is the node
     * @return the graph with it
     * @throws GraphException when there is no such node, or when the filter does not filter it or its name is taken
     */
    public BlockGraph insertFilter(String name, BlockNode filter) {
        return GraphEdits.insertFilter(this, name, filter);
    }

    /**
     * Removes a filter: every parent and root of it becomes its filtered child's. Its other implicit children go with
     * it if nobody else uses them.
     *
     * @param name the filter's name
     * @return the graph without it
     * @throws GraphException when there is no such node, or when it is no filter
     */
    public BlockGraph dropFilter(String name) {
        return GraphEdits.dropFilter(this, name);
    }

    /**
     * Lays an overlay over a node, which is what an external snapshot does: the overlay gets a {@link ChildRole#COW}
     * edge to the node, and every parent and root of the node becomes the overlay's.
     *
     * @param base the node's name
     * @param overlay the overlay's name: an existing node with no backing child, no parent and no root
     * @return the graph with the edge
     * @throws GraphException when one of them does not exist, or when the overlay is in use
     */
    public BlockGraph appendOverlay(String base, String overlay) {
        return GraphEdits.appendOverlay(this, base, overlay);
    }

    /**
     * Checks a change as its publication would, were this the current graph: for what has to be made ready outside of the
     * graph first, and must not be for a change that is refused anyway.
     *
     * @param change the change
     * @throws GraphException when it would be refused
     */
    public void requireAllowed(GraphChange change) {
        Candidate.of(change, this);
    }

    /** This graph as the start of a derivation: its delta is empty, and is that of no other. */
    BlockGraph marked() {
        return new BlockGraph(nodes, roots, parents, rootsOn, tallies, Delta.none());
    }

    /** What changed since {@link #marked}. */
    Delta delta() {
        return delta;
    }

    /** Puts a node in, or in place of the one of that name, and keeps the reverse of the edges. */
    BlockGraph withNode(BlockNode node) {
        Frozen.requireKept(find(node.name()), node);
        HashMap<String, HashSet<String>> index = unindexed(find(node.name()));
        for (Edge edge : node.children()) {
            index = linked(index, edge.child(), node.name());
        }
        return new BlockGraph(nodes.put(node.name(), node), roots, index, rootsOn, tallies, delta.node(node.name()));
    }

    /** As {@link #withNode}, noting that the node has another size. */
    BlockGraph withResized(BlockNode node) {
        BlockGraph next = withNode(node);
        return new BlockGraph(
                next.nodes, next.roots, next.parents, next.rootsOn, next.tallies, next.delta.resize(node.name()));
    }

    /** Takes a node out. The caller has seen to it that nobody uses it. */
    BlockGraph withoutNode(BlockNode node) {
        Frozen.requireKept(node, null);
        return new BlockGraph(
                nodes.remove(node.name()), roots, unindexed(node), rootsOn, tallies, delta.node(node.name()));
    }

    /** Puts a root in, or in place of the one of that id. */
    BlockGraph withRoot(GraphRoot root) {
        GraphRoot old = findRoot(root.id());
        HashMap<String, HashSet<String>> index = old == null ? rootsOn : unlinked(rootsOn, old.node(), old.id());
        return new BlockGraph(
                nodes,
                roots.put(root.id(), root),
                parents,
                linked(index, root.node(), root.id()),
                tallies,
                delta.root(root.id()));
    }

    private BlockGraph withoutRoot(GraphRoot root) {
        return new BlockGraph(
                nodes,
                roots.remove(root.id()),
                parents,
                unlinked(rootsOn, root.node(), root.id()),
                tallies,
                delta.root(root.id()));
    }

    private HashMap<String, HashSet<String>> unindexed(@Nullable BlockNode node) {
        HashMap<String, HashSet<String>> index = parents;
        if (node != null) {
            for (Edge edge : node.children()) {
                index = unlinked(index, edge.child(), node.name());
            }
        }
        return index;
    }

    private static HashMap<String, HashSet<String>> linked(
            HashMap<String, HashSet<String>> index, String of, String user) {
        return index.put(of, index.getOrElse(of, HashSet.empty()).add(user));
    }

    private static HashMap<String, HashSet<String>> unlinked(
            HashMap<String, HashSet<String>> index, String of, String user) {
        HashSet<String> left = index.getOrElse(of, HashSet.empty()).remove(user);
        return left.isEmpty() ? index.remove(of) : index.put(of, left);
    }
}
