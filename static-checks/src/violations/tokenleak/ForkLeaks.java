// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that was begun is ended on every path
// hiding: anonymous class
// layer: compile ReadTokenLeak
package seed.tokenleak;

import org.rcublk.rcu.ReadDomain;

final class ForkLeaks {
    private final ReadDomain domain = new ReadDomain("seed");
    private volatile boolean splits;

    Object forker(long parent) {
        return new Object() {
            @Override
            public String toString() {
                long child = domain.forkRead(parent); // HERE
                if (!splits) {
                    return "whole";
                }
                domain.upRead(child);
                return "split";
            }
        };
    }
}
