// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that has ended is not used
// hiding: nested class
// layer: runtime
// error: the section has ended already
// jvm: -Drcublk.rcu.debug=all
package seed.tokens;

import org.rcublk.rcu.ReadDomain;

final class ForkAfterEndApart {
    private final ReadDomain domain = new ReadDomain("seed");

    private final class Request {
        private final long token = domain.downRead();

        long fork() {
            return domain.forkRead(token); // HERE
        }

        void complete() {
            domain.upRead(token);
        }
    }

    public static void main(String[] args) {
        Request request = new ForkAfterEndApart().new Request();
        request.complete();
        request.fork();
    }
}
