// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section that was begun is ended on every path
// hiding: direct
// layer: none
package seed.clean;

import java.util.function.Supplier;
import org.rcublk.rcu.ReadDomain;

final class TokenInFinally {
    private final ReadDomain domain = new ReadDomain("seed");

    String under(Supplier<String> look) {
        long token = domain.downRead();
        try {
            return look.get();
        } finally {
            domain.upRead(token);
        }
    }
}
