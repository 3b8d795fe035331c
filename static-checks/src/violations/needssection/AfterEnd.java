// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: what a section pins is touched inside one
// hiding: direct
// layer: compile ReadSectionRequired
package seed.needssection;

import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.rcu.ReadDomain;

final class AfterEnd {
    private final ReadDomain domain = new ReadDomain("seed");
    private volatile long value;

    @RequiresReadSection
    long first() {
        return value;
    }

    long look() {
        long token = domain.downRead();
        try {
            value++;
        } finally {
            domain.upRead(token);
        }
        return first(); // HERE
    }
}
