// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * A platform thread that is registered as a reader for as long as it runs: it holds a process-wide reader index, which
 * selects its slot in every {@link ReadDomain}. IOThreads and storage workers are of this class.
 */
public class ReaderThread extends Thread {
    private final boolean mayBlock;
    private final Runnable body;
    private int readerIndex = -1;
    /** This thread's lexical sections; used by this thread only. */
    @Nullable
    SectionStack sections;

    /**
     * Creates a reader thread; it registers when it starts.
     *
     * @param name the thread's name
     * @param mayBlock false for an IOThread: waiting for a grace period on it throws instead of deadlocking
     * @param body what it runs
     */
    public ReaderThread(String name, boolean mayBlock, Runnable body) {
        super(name);
        this.mayBlock = mayBlock;
        this.body = body;
    }

    @Override
    public final void run() {
        try (ReaderIndex index = ReaderIndex.acquire()) {
            readerIndex = index.value();
            body.run();
        } finally {
            readerIndex = -1;
        }
    }

    /**
     * Whether this thread may wait for a grace period.
     *
     * @return false on an IOThread
     */
    @AnyThread
    public final boolean mayBlock() {
        return mayBlock;
    }

    /**
     * This thread's reader index. Meaningful only on this thread itself, while it runs.
     *
     * @return the index, or -1 if the thread does not run
     */
    @AnyThread
    public final int readerIndex() {
        return readerIndex;
    }

    /**
     * Throws if the calling thread may not wait for a grace period.
     *
     * @param what the call that would wait, for the message
     * @throws IllegalStateException on an IOThread
     */
    @AnyThread
    public static void requireMayBlock(String what) {
        if (Thread.currentThread() instanceof ReaderThread reader && !reader.mayBlock) {
            throw new IllegalStateException(what + " on IOThread " + reader.getName()
                    + " would wait for requests that only this thread can complete: call it from a control thread;"
                    + " what never waits is startPoll, poll, whenElapsed and tryRetire");
        }
    }

    /**
     * Throws if the calling thread may not wait for a grace period of a domain: on an IOThread, inside a
     * {@link ReadSection} of it, and, with {@link DebugMode}, under a token of it that the thread began.
     *
     * @param what the call that would wait, for the message
     * @param domain the domain
     * @throws IllegalStateException if the wait would be a wait for the thread itself
     */
    @AnyThread
    public static void requireMayWait(String what, ReadDomain domain) {
        Misuse.requireMayWait(domain, what);
    }

    /**
     * Whether the calling thread is inside a {@link ReadSection} of any domain. For assertions: whoever waits for one
     * domain's readers inside a section of another may wait for somebody who does the same the other way round.
     *
     * @return false outside of all of them; sections that are tokens are not known to a thread
     */
    @AnyThread
    public static boolean inSection() {
        SectionStack stack = SectionStack.mineOrNull();
        return stack != null && !stack.isEmpty();
    }

    /**
     * The calling thread if it is a reader thread.
     *
     * @return the thread, or null
     */
    @AnyThread
    public static @Nullable ReaderThread currentOrNull() {
        return Thread.currentThread() instanceof ReaderThread reader ? reader : null;
    }

    /** The calling thread's index, or -1 for a guest. */
    @AnyThread
    static int indexOrGuest() {
        return Thread.currentThread() instanceof ReaderThread reader ? reader.readerIndex : -1;
    }
}
