// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: method reference
// layer: runtime
// error: synchronize() on IOThread seed-io would wait for requests
package seed.waiting;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.rcublk.io.IoThread;
import org.rcublk.io.StorageWorkers;
import org.rcublk.rcu.ReadDomain;

/** Which thread an executor runs a task on is not in its type. */
final class OnIoByExecutor {
    public static void main(String[] args) throws Exception {
        try (StorageWorkers workers = new StorageWorkers(1);
                IoThread io = new IoThread("seed-io", workers::engine).start();
                ReadDomain domain = new ReadDomain("seed")) {
            Executor later = io::execute;
            CompletableFuture.runAsync(domain::synchronize, later).get(10, TimeUnit.SECONDS); // HERE
        }
    }
}
