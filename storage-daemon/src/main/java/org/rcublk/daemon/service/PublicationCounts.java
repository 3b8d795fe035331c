// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.GraphListener;
import org.rcublk.graph.Publication;

/** Counts publications by kind, for reports. */
@AnyThread
final class PublicationCounts implements GraphListener {
    private final LongAdder gates = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final LongAdder releases = new LongAdder();
    private final LongAccumulator longestGate = new LongAccumulator(Math::max, 0);

    @Override
    public void published(Publication publication) {
        switch (publication.kind()) {
            case GATE -> gates.increment();
            case CHANGE -> changes.increment();
            case RELEASE -> releases.increment();
        }
        longestGate.accumulate(publication.times().gatedNanos());
    }

    long gates() {
        return gates.sum();
    }

    long changes() {
        return changes.sum();
    }

    long releases() {
        return releases.sum();
    }

    /** Nanoseconds that the longest gate kept requests out. */
    long longestGateNanos() {
        return longestGate.get();
    }
}
