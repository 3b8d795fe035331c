// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that has ended is not used
// hiding: helper method
// layer: runtime
// error: the section has ended already
// jvm: -Drcublk.rcu.debug=all
package seed.tokens;

import org.rcublk.rcu.ReadDomain;

/** The token was given away: the compiler does not follow it. */
final class EndedTwiceApart {
    private final ReadDomain domain = new ReadDomain("seed");
    private long token;

    public static void main(String[] args) {
        EndedTwiceApart request = new EndedTwiceApart();
        request.begin();
        request.complete();
        request.complete();
    }

    private void begin() {
        token = domain.downRead();
    }

    private void complete() {
        domain.upRead(token); // HERE
    }
}
