// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: nobody waits for a section of its own
// hiding: direct
// layer: none
package seed.clean;

import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReadSection;

/** The forms that never wait, inside a section and on an IOThread. */
final class TryRetire {
    private final ReadDomain domain = new ReadDomain("seed");
    private int released;

    @IoThreadOnly
    boolean replace() {
        try (ReadSection section = domain.read()) {
            return domain.tryRetire(() -> released++) && domain.poll(domain.startPoll());
        }
    }
}
