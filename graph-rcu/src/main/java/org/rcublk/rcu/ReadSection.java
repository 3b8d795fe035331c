// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import org.rcublk.annotation.AnyThread;

/**
 * A read-side critical section that begins and ends on one thread, for {@code try}-with-resources. It is kept by its
 * thread and used again, so that entering allocates nothing after a thread's first time.
 *
 * <p>Sections of one thread nest: the one that began last ends first. Because the thread is known to be inside, a wait
 * for a grace period of the same domain throws at once instead of waiting for itself; explicit tokens
 * ({@link ReadDomain#downRead()}) travel between threads, and are watched in {@link DebugMode} only.
 *
 * <p>Confined to the thread that began it.
 */
@AnyThread
public final class ReadSection implements AutoCloseable {
    private final SectionStack stack;
    private final int depth;

    // Plain fields: written by the owning thread. A stall report reads them racily, and may be a moment late.
    private ReadDomain domain;
    private long token;
    private boolean open;

    ReadSection(SectionStack stack, int depth, ReadDomain domain) {
        this.stack = stack;
        this.depth = depth;
        this.domain = domain;
    }

    void begin(ReadDomain in, long with) {
        domain = in;
        token = with;
        open = true;
    }

    /**
     * Begins a section under this one that may outlive it and may end on any thread.
     *
     * @return the token that ends it, by {@link ReadDomain#upRead(long)}
     * @throws IllegalStateException on another thread, or after {@link #close}
     */
    @AnyThread
    public long fork() {
        requireOpenHere("fork()");
        return domain.forkRead(token);
    }

    /**
     * Ends the section.
     *
     * @throws IllegalStateException on another thread, a second time, or while a section is open that began later
     */
    @Override
    @AnyThread
    public void close() {
        requireOpenHere("close()");
        stack.pop(depth);
        open = false;
        domain.upRead(token);
    }

    private void requireOpenHere(String what) {
        if (!stack.isMine()) {
            throw new IllegalStateException(what + " of a ReadSection on thread "
                    + Thread.currentThread().getName() + ", but " + stack.ownerName()
                    + " began it: sections that change threads are tokens, begun with downRead()");
        }
        if (!open) {
            throw new IllegalStateException(what + " of a ReadSection of domain " + domain.name()
                    + " that has ended: close it once, and keep no reference to it");
        }
    }

    ReadDomain domain() {
        return domain;
    }

    boolean isOpen() {
        return open;
    }
}
