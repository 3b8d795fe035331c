// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: what a section pins is touched inside one
// hiding: interface
// layer: compile ReadSectionRequired
package seed.needssection;

import org.rcublk.annotation.RequiresReadSection;

final class InheritedNeed {
    interface Mapping {
        @RequiresReadSection
        long first();
    }

    static final class Zero implements Mapping {
        @Override
        public long first() {
            return 0;
        }
    }

    long look(Zero zero) {
        return zero.first(); // HERE
    }
}
