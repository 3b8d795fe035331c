// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;

/**
 * A change that no request may straddle: what it touches is gated and drained first, and what leaves a root's flush set
 * is flushed (guarantees F and K). The default for a change of anything that a root reaches.
 */
@AnyThread
public non-sealed interface Draining extends GraphChange {}
