// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: what is an IOThread's runs on that IOThread
// hiding: lambda
// layer: runtime
// error: the registration of a channel on thread
package seed.entry;

import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.rcublk.io.IoThread;
import org.rcublk.io.StorageWorkers;

final class RegisterElsewhere {
    public static void main(String[] args) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        try (StorageWorkers workers = new StorageWorkers(1);
                IoThread io = new IoThread("seed-io", workers::engine).start()) {
            io.execute(started::countDown);
            started.await();
            Callable<SelectionKey> watch =
                    () -> io.register(pipe.source(), SelectionKey.OP_READ, key -> key.cancel()); // HERE
            watch.call();
        }
    }
}
