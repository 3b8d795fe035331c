// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: nobody waits for a section of its own
// hiding: lambda
// layer: runtime
// error: synchronize() of domain seed under the token
// jvm: -Drcublk.rcu.debug=all
package seed.waiting;

import org.rcublk.rcu.ReadDomain;

final class UnderOwnToken {
    public static void main(String[] args) {
        ReadDomain domain = new ReadDomain("seed");
        Runnable settle = domain::synchronize;
        long token = domain.downRead();
        try {
            settle.run(); // HERE
        } finally {
            domain.upRead(token);
        }
    }
}
