// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import java.util.concurrent.locks.LockSupport;

/**
 * One thread of a scenario. It runs only while it has the baton, and serves one schedule after the other. It is a
 * virtual thread: with a single carrier, which system properties can ask for, a hand-over takes no switch of the
 * operating system. Fields are written by whoever has the baton; the hand-over orders them.
 */
final class Actor {
    /** Guests choose their stripe by thread id, and there are 64 at most: all actors share one. */
    private static final int MOST_STRIPES = 64;

    enum State {
        READY,
        WAITING,
        DONE
    }

    private final Explorer explorer;
    private final Thread thread;
    private volatile boolean baton;
    private Run.Body body = () -> {};

    String label = "";
    boolean daemon;
    boolean started;
    State state = State.DONE;
    /** Another actor has taken a step since this one began to wait. */
    boolean mayLookAgain;
    /** When it began to wait. */
    long waitsSince;

    Actor(Explorer explorer) {
        this.explorer = explorer;
        Thread candidate = Thread.ofVirtual().unstarted(this::serve);
        while (candidate.threadId() % MOST_STRIPES != 0) {
            candidate = Thread.ofVirtual().unstarted(this::serve);
        }
        thread = candidate;
        thread.start();
    }

    @SuppressWarnings("ReferenceEquality") // a thread is itself
    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    void prepare(Run.Part part) {
        label = part.name();
        daemon = part.daemon();
        body = part.body();
        started = false;
        state = daemon ? State.WAITING : State.READY;
        mayLookAgain = false;
        waitsSince = 0;
    }

    void give() {
        explorer.holder = this;
        baton = true;
        LockSupport.unpark(thread);
    }

    void awaitBaton() {
        while (!baton) {
            LockSupport.park(this);
        }
        baton = false;
    }

    private void serve() {
        while (true) {
            awaitBaton();
            Throwable failure = null;
            try {
                explorer.begins(this);
                body.run();
            } catch (Explorer.Unwound expected) {
                // the schedule is over
            } catch (Throwable e) {
                failure = e;
            }
            explorer.ends(this, failure);
        }
    }
}
