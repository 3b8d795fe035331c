// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: lambda
// layer: callgraph
// from: StoredLambda.ready
// to: LockSupport.park
package seed.blocking;

import java.util.concurrent.locks.LockSupport;
import org.rcublk.annotation.IoThreadOnly;

/** A lambda in a field has no rule of its own. */
final class StoredLambda {
    private final Runnable idle = () -> LockSupport.park(this); // HERE

    @IoThreadOnly
    void ready() {
        idle.run();
    }
}
