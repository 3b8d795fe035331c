// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that was begun is ended on every path
// hiding: helper method
// layer: none
package seed.clean;

import org.rcublk.rcu.ReadDomain;

/** Returned, stored, handed over: whoever has it ends it. */
final class TokenGivenAway {
    private final ReadDomain domain = new ReadDomain("seed");
    private long kept;

    long begin() {
        return domain.downRead();
    }

    void keep() {
        long token = domain.downRead();
        kept = token;
    }

    void complete() {
        domain.upRead(kept);
    }

    void pass(long parent) {
        long child = domain.forkRead(parent);
        send(child);
    }

    private void send(long token) {
        domain.handOff(token);
        kept = token;
    }
}
