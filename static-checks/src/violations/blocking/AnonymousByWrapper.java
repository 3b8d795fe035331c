// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: anonymous class
// layer: callgraph
// from: AnonymousByWrapper$1.run
// to: Semaphore.acquireUninterruptibly
package seed.blocking;

import java.util.concurrent.Semaphore;
import org.rcublk.annotation.IoThreadOnly;

final class AnonymousByWrapper {
    private final Semaphore turns = new Semaphore(1);

    static void execute(@IoThreadOnly Runnable task) {
        task.run();
    }

    static void later(Runnable task) {
        execute(task);
    }

    void post() {
        later(new Runnable() {
            @Override
            public void run() {
                turns.acquireUninterruptibly(); // HERE
            }
        });
    }
}
