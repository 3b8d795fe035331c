// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package seed.blocking.sinkelsewhere;

import java.util.concurrent.ArrayBlockingQueue;

final class QueueSink implements Sink {
    private final ArrayBlockingQueue<String> lines = new ArrayBlockingQueue<>(8);

    @Override
    public void accept(String line) {
        try {
            lines.put(line); // HERE
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
