// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.rcublk.graph.BlockNode;
import org.rcublk.rcu.ReaderIndex;

/**
 * A request of one actor, and whether it may run: production classes from the tracker to the IOThread's mailbox. In the
 * package of what it tests, which is no API.
 *
 * <p>All samples share the actors' IOThreads: a begin needs only their index, and one thread at a time empties the mailbox.
 */
final class TrackedParty extends BlockDriver {
    private static final IoThread[] THREADS = {thread("io0"), thread("io1")};

    final IoThread thread;
    private final Request request;
    private final long from;
    private final long to;
    private final boolean serialising;
    private boolean goes;
    private int resumes; // under the monitor of the class

    TrackedParty(int actor, long from, long to, boolean serialising) {
        this.thread = THREADS[actor];
        this.request = new Request(null, -1, thread);
        this.from = from;
        this.to = to;
        this.serialising = serialising;
        request.state = Request.RUNNING;
        request.at = new PlanNode(BlockNode.of("tracked", "test", this), this, new PlanNode[0], null, null);
    }

    private static IoThread thread(String name) {
        return IoThread.driven(name, owner -> new NoEngine(), ReaderIndex.acquire());
    }

    void begin(RequestTracker tracker) {
        goes = tracker.begin(request, from, to, serialising);
    }

    void end(RequestTracker tracker) {
        tracker.end(request);
    }

    /** How often it was told to go. To be asked when the actors are over: every resume is in the mailbox by then. */
    int starts() {
        synchronized (TrackedParty.class) {
            while (thread.hasWork()) {
                thread.doWork();
            }
            return resumes + (goes ? 1 : 0);
        }
    }

    @Override
    public void resumed(PlanNode self, Request resumed) {
        resumes++;
    }

    @Override
    public String driverName() {
        return "test";
    }

    @Override
    public long size(PlanNode self) {
        return 0;
    }

    @Override
    public int submit(PlanNode self, Request submitted) {
        throw new IllegalStateException("nothing is submitted");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    private static final class NoEngine implements StorageEngine {
        @Override
        public void submit(Request submitted, StorageTarget target) {
            throw new IllegalStateException("these requests need no storage");
        }

        @Override
        public void flush() {}

        @Override
        public int poll() {
            return 0;
        }

        @Override
        public boolean hasCompletions() {
            return false;
        }

        @Override
        public int outstanding() {
            return 0;
        }
    }
}
