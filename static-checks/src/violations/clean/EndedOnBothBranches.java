// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that has ended is not used
// hiding: direct
// layer: none
package seed.clean;

import org.rcublk.rcu.ReadDomain;

final class EndedOnBothBranches {
    private final ReadDomain domain = new ReadDomain("seed");
    private volatile int state;
    private long admitted;

    /** The token is kept on one path and ended on the other. */
    boolean admit(int reader) {
        long token = domain.downRead(reader);
        if (state == 0) {
            domain.upRead(reader, token);
            return false;
        }
        admitted = token;
        return true;
    }

    void manySections() {
        long token = domain.downRead();
        domain.upRead(token);
        token = domain.downRead();
        domain.upRead(token);
    }
}
