// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: other module
// layer: callgraph
// from: OtherModuleCallsBack.ready
// to: Semaphore.acquireUninterruptibly
package seed.blocking.othermodulecallsback;

import java.util.concurrent.Semaphore;
import org.rcublk.annotation.IoThreadOnly;
import seed.blocking.othermodulecallsback.other.Visits;

/** The library calls back what it was given when it was made. */
final class OtherModuleCallsBack implements Visits.Visitor {
    private final Semaphore turns = new Semaphore(1);
    private final Visits visits = new Visits(this);

    @IoThreadOnly
    void ready() {
        visits.visitAll();
    }

    @Override
    public void visit() {
        turns.acquireUninterruptibly(); // HERE
        turns.release();
    }
}
