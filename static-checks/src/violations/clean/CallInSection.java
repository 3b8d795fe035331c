// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: what a section pins is touched inside one
// hiding: interface
// layer: none
package seed.clean;

import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReadSection;

final class CallInSection {
    private final ReadDomain domain = new ReadDomain("seed");

    interface Mapping {
        @RequiresReadSection
        long first();
    }

    long look(Mapping mapping) {
        try (ReadSection section = domain.read()) {
            return mapping.first();
        }
    }

    long lookWithToken(Mapping mapping) {
        long token = domain.downRead();
        try {
            return mapping.first();
        } finally {
            domain.upRead(token);
        }
    }

    @RequiresReadSection
    long twice(Mapping mapping) {
        return 2 * mapping.first();
    }
}
