// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a lexical section ends on the thread that began it
// hiding: method reference
// layer: runtime
// error: close() of a ReadSection on thread
package seed.tokens;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReadSection;

final class ClosedElsewhere {
    public static void main(String[] args) throws Exception {
        ReadDomain domain = new ReadDomain("seed");
        try (ReadSection section = domain.read()) {
            CompletableFuture.runAsync(section::close).get(10, TimeUnit.SECONDS); // HERE
        }
    }
}
