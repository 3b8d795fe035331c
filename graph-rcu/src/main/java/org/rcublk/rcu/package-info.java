// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Read-copy-update for the JVM: read-side critical sections that any thread may end, grace periods tracked by padded
 * per-thread counters, and deferred release. Generic: it knows no block layer.
 */
@NullMarked
package org.rcublk.rcu;

import org.jspecify.annotations.NullMarked;
