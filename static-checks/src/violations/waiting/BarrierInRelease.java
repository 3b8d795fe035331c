// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: nobody waits for a release of its own
// hiding: functional parameter
// layer: runtime
// error: barrier() of domain seed in a release may wait for that release
package seed.waiting;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.rcublk.rcu.ReadDomain;

final class BarrierInRelease {
    public static void main(String[] args) throws Exception {
        ReadDomain domain = new ReadDomain("seed");
        CompletableFuture<String> done = new CompletableFuture<>();
        domain.retire(() -> {
            try {
                domain.barrier(); // HERE
                done.complete("waited");
            } catch (IllegalStateException e) {
                done.completeExceptionally(e);
            }
        });
        done.get(10, TimeUnit.SECONDS);
    }
}
