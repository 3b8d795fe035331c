// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: nobody waits for a section of its own
// hiding: helper method
// layer: runtime
// error: retire() of domain seed inside a ReadSection of it
package seed.waiting;

import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReadSection;

final class RetireInSection {
    private final ReadDomain domain = new ReadDomain("seed");

    public static void main(String[] args) {
        new RetireInSection().replace();
    }

    private void replace() {
        try (ReadSection section = domain.read()) {
            drop();
        }
    }

    private void drop() {
        domain.retire(() -> System.out.println("released")); // HERE
    }
}
