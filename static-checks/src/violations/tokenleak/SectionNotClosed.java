// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that was begun is ended on every path
// hiding: nested class
// layer: compile ReadTokenLeak
package seed.tokenleak;

import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReadSection;

final class SectionNotClosed {
    private final ReadDomain domain = new ReadDomain("seed");
    private volatile int state;

    final class Report {
        int look() {
            ReadSection section = domain.read(); // HERE
            int seen = state;
            if (seen > 0) {
                section.close();
            }
            return seen;
        }
    }
}
