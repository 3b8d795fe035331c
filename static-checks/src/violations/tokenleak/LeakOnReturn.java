// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that was begun is ended on every path
// hiding: direct
// layer: compile ReadTokenLeak
package seed.tokenleak;

import org.rcublk.rcu.ReadDomain;

final class LeakOnReturn {
    private final ReadDomain domain = new ReadDomain("seed");
    private volatile int state;

    int admit(int reader) {
        long token = domain.downRead(reader); // HERE
        if (state == 0) {
            return 0;
        }
        domain.upRead(reader, token);
        return 1;
    }
}
