// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: what is an IOThread's runs on that IOThread
// hiding: interface
// layer: runtime
// error: a cycle on thread
package seed.entry;

import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.Agent;
import org.rcublk.io.IoThread;
import org.rcublk.io.StorageWorkers;

/** The interface is another project's and knows no rules. */
final class CycleElsewhere {
    public static void main(String[] args) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        try (StorageWorkers workers = new StorageWorkers(1);
                IoThread io = new IoThread("seed-io", workers::engine).start()) {
            io.execute(started::countDown);
            started.await();
            Agent agent = io;
            agent.doWork(); // HERE
        }
    }
}
