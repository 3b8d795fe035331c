// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A node identity that counts what is done to it, and fails or hangs when told to. */
class TestNode extends NodeState {
    final String name;
    final AtomicInteger flushes = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();
    final AtomicInteger gates = new AtomicInteger();
    final List<String> log;
    volatile boolean readOnly;
    volatile boolean failFlush;
    volatile boolean failClose;
    volatile boolean needsFlush = true;
    volatile CountDownLatch hangFlush = new CountDownLatch(0);
    volatile CountDownLatch hangClose = new CountDownLatch(0);
    volatile Runnable onFlush = () -> {};

    TestNode(String name) {
        this(name, new CopyOnWriteArrayList<>());
    }

    TestNode(String name, List<String> log) {
        this.name = name;
        this.log = log;
    }

    @Override
    public void flush() throws IOException {
        onFlush.run();
        await(hangFlush);
        flushes.incrementAndGet();
        log.add("flush " + name);
        if (failFlush) {
            throw new IOException("no space left in " + name);
        }
    }

    @Override
    public void close() throws IOException {
        await(hangClose);
        closes.incrementAndGet();
        log.add("close " + name);
        if (failClose) {
            throw new IOException("bad descriptor of " + name);
        }
    }

    @Override
    public boolean needsFlush() {
        return needsFlush;
    }

    @Override
    public void gated(RootState root) {
        gates.incrementAndGet();
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
