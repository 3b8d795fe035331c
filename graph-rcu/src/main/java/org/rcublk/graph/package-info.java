// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The block graph: an immutable value, the pure changes that lead from one to the next, and the live graph that
 * publishes them to readers that take no lock.
 *
 * <p>Words, from the outside in. A <dfn>root</dfn> is what a client sees (an export, a job, a device). It sits on a
 * <dfn>node</dfn>: a filter, an image format or a protocol. An <dfn>edge</dfn> leads from a node to a child and says
 * by its roles what the child is for. A node has an immutable description ({@link org.rcublk.graph.BlockNode}) and an
 * identity ({@link org.rcublk.graph.NodeState}: open file, caches) that all versions share.
 *
 * <p>{@link org.rcublk.graph.BlockGraph} is pure: its operations return new graphs, have no effect and may run
 * anywhere. {@link org.rcublk.graph.LiveGraph} is where versions are published, nodes gated, drained and retired.
 * Everything in a version is a strict collection: nothing is evaluated later, by another thread, after the section
 * that protected it.
 *
 * <p>This package knows no driver and no request; what I/O follows is the {@code P} of
 * {@link org.rcublk.graph.Version}, compiled by a {@link org.rcublk.graph.PlanFactory} of the layer above.
 */
@NullMarked
package org.rcublk.graph;

import org.jspecify.annotations.NullMarked;
