// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: nobody waits for a section of its own
// hiding: direct
// layer: runtime
// error: synchronize() of domain seed inside a ReadSection of it
package seed.waiting;

import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReadSection;

final class InOwnSection {
    public static void main(String[] args) {
        ReadDomain domain = new ReadDomain("seed");
        try (ReadSection section = domain.read()) {
            domain.synchronize(); // HERE
        }
    }
}
