// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that was begun is ended on every path
// hiding: direct
// layer: compile ReadTokenLeak
package seed.tokenleak;

import java.util.function.Supplier;
import org.rcublk.rcu.ReadDomain;

final class LeakOnException {
    private final ReadDomain domain = new ReadDomain("seed");

    String under(Supplier<String> look) {
        long token = domain.downRead(); // HERE
        String seen = look.get();
        domain.upRead(token);
        return seen;
    }
}
