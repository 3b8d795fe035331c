// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: interface
// layer: compile BlockingOnIoThread
package seed.blocking;

import java.nio.channels.SelectionKey;
import java.util.concurrent.locks.ReentrantLock;
import org.rcublk.io.SocketHandler;

/** The rule comes from the interface alone. */
final class LockInHandler implements SocketHandler {
    private final ReentrantLock lock = new ReentrantLock();
    private int served;

    @Override
    public void ready(SelectionKey key) {
        lock.lock(); // HERE
        try {
            served++;
        } finally {
            lock.unlock();
        }
    }
}
