// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.AnyThread;

/**
 * Where the time of a change went. A value.
 *
 * @param flushNanos in flushes, before the gate and under it
 * @param gateNanos waiting for other changes' gates, and placing the own
 * @param drainNanos waiting for grace periods, guarantee J's too
 * @param commitNanos from the last wait to the end of the publication
 * @param gatedNanos from the own gates' publication to their end: how long requests were kept out, all phases together
 */
@AnyThread
public record PhaseTimes(long flushNanos, long gateNanos, long drainNanos, long commitNanos, long gatedNanos) {

    /** No time at all. */
    public static final PhaseTimes NONE = new PhaseTimes(0, 0, 0, 0, 0);
}
