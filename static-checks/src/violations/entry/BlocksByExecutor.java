// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: functional parameter
// layer: runtime
// error: StorageWorkers.close on IOThread seed-io may block
package seed.entry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.rcublk.io.IoThread;
import org.rcublk.io.StorageWorkers;

final class BlocksByExecutor {
    public static void main(String[] args) throws Exception {
        try (StorageWorkers workers = new StorageWorkers(1);
                IoThread io = new IoThread("seed-io", workers::engine).start()) {
            Executor later = io::execute;
            CompletableFuture.runAsync(workers::close, later).get(10, TimeUnit.SECONDS); // HERE
        }
    }
}
