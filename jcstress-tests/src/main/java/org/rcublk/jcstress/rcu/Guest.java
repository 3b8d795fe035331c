// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A thread without a reader index that shares its stripe with every other of this class: stripes are chosen by thread
 * id, and these ids are multiples of every number of stripes. An actor has it do its work and waits.
 */
final class Guest {
    private static final int MOST_STRIPES = 128;

    private final AtomicReference<@Nullable Runnable> task = new AtomicReference<>();

    Guest() {
        Thread thread = new Thread(this::serve, "guest");
        while (thread.threadId() % MOST_STRIPES != 0) {
            thread = new Thread(this::serve, "guest");
        }
        thread.setDaemon(true);
        thread.start();
    }

    @SuppressWarnings("ThreadPriorityCheck") // leaves the core to whoever has work; the loop is what waits
    private void serve() {
        while (true) {
            Runnable next = task.get();
            if (next == null) {
                Thread.yield();
            } else {
                next.run();
                task.set(null);
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // as above
    void run(Runnable work) {
        task.set(work);
        while (task.get() != null) {
            Thread.yield();
        }
    }
}
