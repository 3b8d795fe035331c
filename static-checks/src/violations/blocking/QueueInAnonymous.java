// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: anonymous class
// layer: compile BlockingOnIoThread
package seed.blocking;

import java.nio.channels.SelectionKey;
import java.util.concurrent.ArrayBlockingQueue;
import org.rcublk.io.SocketHandler;

final class QueueInAnonymous {
    private final ArrayBlockingQueue<SelectionKey> ready = new ArrayBlockingQueue<>(1);

    SocketHandler handler() {
        return new SocketHandler() {
            @Override
            public void ready(SelectionKey key) {
                try {
                    ready.put(key); // HERE
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }
}
