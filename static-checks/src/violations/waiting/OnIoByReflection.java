// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: reflection
// layer: runtime
// error: barrier() on IOThread seed-io would wait for requests
package seed.waiting;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.rcublk.io.IoThread;
import org.rcublk.io.StorageWorkers;
import org.rcublk.rcu.ReadDomain;

final class OnIoByReflection {
    public static void main(String[] args) throws Exception {
        Method wait = ReadDomain.class.getMethod("barrier");
        CompletableFuture<String> done = new CompletableFuture<>();
        try (StorageWorkers workers = new StorageWorkers(1);
                IoThread io = new IoThread("seed-io", workers::engine).start();
                ReadDomain domain = new ReadDomain("seed")) {
            io.execute(() -> {
                try {
                    wait.invoke(domain); // HERE
                    done.complete("waited");
                } catch (ReflectiveOperationException e) {
                    done.completeExceptionally(e.getCause());
                }
            });
            done.get(10, TimeUnit.SECONDS);
        }
    }
}
