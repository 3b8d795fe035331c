// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an overriding method asks no more of its callers
// hiding: anonymous class
// layer: compile WidenedThreadRule
package seed.widened;

import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.annotation.RequiresReadSection;

final class SectionAdded {
    interface Step {
        @IoThreadOnly
        void run();
    }

    Step step() {
        return new Step() {
            @Override
            @RequiresReadSection
            public void run() {} // HERE
        };
    }
}
