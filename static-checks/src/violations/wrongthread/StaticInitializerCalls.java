// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: static initializer
// layer: callgraph
// from: StaticInitializerCalls.ready
// to: ReadDomain.synchronize
package seed.wrongthread;

import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.ReadDomain;

final class StaticInitializerCalls {
    static final class Once {
        static final ReadDomain DOMAIN = new ReadDomain("seed");

        static {
            DOMAIN.synchronize(); // HERE
        }
    }

    @IoThreadOnly
    long ready() {
        return Once.DOMAIN.startPoll();
    }
}
