// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code rcublk bench}: a multiqueue load in one process, and the load generator that the demo shares.
 *
 * <p>A {@code Rig} is a graph with a device and its IOThreads; a {@code Source} says which requests a job makes; a
 * {@code LoadGenerator} runs one job a queue and measures; a {@code GraphChanger} changes the graph meanwhile.
 */
@NullMarked
package org.rcublk.daemon.bench;

import org.jspecify.annotations.NullMarked;
