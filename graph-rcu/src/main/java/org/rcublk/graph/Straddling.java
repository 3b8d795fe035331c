// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;

/**
 * A change that requests may straddle: one admitted before it runs to its end on the old version while another runs on
 * the new. No gate, no drain; the change waits for guarantee J only. It must not take a node that may have been written
 * to out of the flush set of a root that stays: {@link LiveGraph#commit} refuses that (guarantee K).
 */
@AnyThread
public non-sealed interface Straddling extends GraphChange {}
