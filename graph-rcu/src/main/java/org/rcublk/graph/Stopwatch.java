// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.GlobalState;

/** Adds up the phases of one change. Confined to one thread. */
@GlobalState
final class Stopwatch {
    private long flush;
    private long gate;
    private long drain;
    private long round = System.nanoTime();
    private long gatedSince;
    private long gated;

    /** Begins another round: what of it is not spent in a wait is the commit. */
    void round() {
        round = System.nanoTime();
    }

    void flushed(long since) {
        flush += System.nanoTime() - since;
    }

    void gateTried(long since) {
        gate += System.nanoTime() - since;
    }

    void drained(long since) {
        drain += System.nanoTime() - since;
    }

    void gatesOn() {
        gatedSince = System.nanoTime();
    }

    /** Returns how long the gates were on. */
    long gatesOff() {
        long lasted = System.nanoTime() - gatedSince;
        gated += lasted;
        return lasted;
    }

    PhaseTimes uncommitted() {
        return new PhaseTimes(flush, gate, drain, 0, gated);
    }

    PhaseTimes committed() {
        return new PhaseTimes(flush, gate, drain, System.nanoTime() - round, gated);
    }
}
