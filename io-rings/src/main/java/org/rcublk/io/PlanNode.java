// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Limits;
import org.rcublk.graph.NodeSettings;

/**
 * One node of a compiled I/O plan: a driver with direct references to its children as of one version of the graph. A
 * request walks plan nodes, never names. Immutable, and shared by every request that was admitted on that version.
 */
public final class PlanNode {
    private final String name;
    private final BlockDriver driver;
    private final NodeSettings settings;
    private final boolean readOnly;
    private final Limits limits;
    private final PlanNode[] children;
    private final @Nullable PlanNode main;
    private final @Nullable PlanNode backing;
    private final @Nullable Front front; // null if the driver takes everything

    @AnyThread
    PlanNode(
            BlockNode node,
            BlockDriver driver,
            PlanNode[] children,
            @Nullable PlanNode main,
            @Nullable PlanNode backing) {
        this.name = node.name();
        this.driver = driver;
        this.settings = node.settings();
        this.readOnly = node.readOnly();
        Limits own = driver.limits(node);
        this.limits = main == null ? own : own.over(main.limits);
        this.children = children;
        this.main = main;
        this.backing = backing;
        this.front = Front.of(this, own, driver.capabilities(node));
    }

    /**
     * Hands a request to this node: to its driver, or in pieces that the driver takes.
     *
     * @param request a request that runs in a read section
     * @return 0 if it was accepted, and then it completes exactly once; a negated {@link Errno} if it was refused,
     *     and then it never completes
     */
    @IoThreadOnly
    @RequiresReadSection
    public int submit(Request request) {
        assert request.thread().mayBeHere() : ThreadRules.belongsTo(request.thread(), "a submission to node " + name);
        assert request.inSection() : ThreadRules.outside(request, "a submission to node " + name);
        Front before = front;
        return before == null ? direct(request) : before.submit(request);
    }

    /** Hands a request to the driver as it is. */
    @IoThreadOnly
    @RequiresReadSection
    int direct(Request request) {
        request.at = this;
        return driver.submit(this, request);
    }

    /**
     * The node's name in the graph.
     *
     * @return the name
     */
    @AnyThread
    public String name() {
        return name;
    }

    /**
     * The node's driver.
     *
     * @return the identity that all versions share
     */
    @AnyThread
    public BlockDriver driver() {
        return driver;
    }

    /**
     * What the driver made of the node's options in this version.
     *
     * @return the settings
     */
    @AnyThread
    public NodeSettings settings() {
        return settings;
    }

    /**
     * Whether the node refuses writes in this version.
     *
     * @return whether it is read-only
     */
    @AnyThread
    public boolean readOnly() {
        return readOnly;
    }

    /**
     * What requests the node takes without their being split or widened: the driver's own limits, and the maxima of what
     * is below.
     *
     * @return the limits
     */
    @AnyThread
    public Limits limits() {
        return limits;
    }

    /**
     * The size of the disk that this node presents.
     *
     * @return bytes
     */
    @AnyThread
    public long size() {
        return driver.size(this);
    }

    /**
     * The child that holds this node's data: its filtered child, else its primary one.
     *
     * @return the child
     * @throws IllegalStateException if there is none
     */
    @AnyThread
    public PlanNode main() {
        if (main == null) {
            throw new IllegalStateException("node " + name + " (" + driver.driverName() + ") has no data child");
        }
        return main;
    }

    /**
     * The copy-on-write child.
     *
     * @return the backing node, or null
     */
    @AnyThread
    public @Nullable PlanNode backing() {
        return backing;
    }

    /**
     * A child by its position among the node's edges.
     *
     * @param index 0 and up
     * @return the child
     */
    @AnyThread
    public PlanNode child(int index) {
        return children[index];
    }

    /**
     * How many children there are.
     *
     * @return the number of edges
     */
    @AnyThread
    public int childCount() {
        return children.length;
    }

    @Override
    @AnyThread
    public String toString() {
        return name;
    }
}
