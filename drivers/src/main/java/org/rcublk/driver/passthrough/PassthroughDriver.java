// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.passthrough;

import java.util.EnumSet;
import java.util.Set;
import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.BlockNode;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.Capability;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;

/**
 * A filter that passes every request on: the example to copy. A filter sits between a parent and one child and presents
 * the child's data unchanged, so that it can be inserted and dropped under load. Each method below says what it owes.
 *
 * <h2>The node</h2>
 * Make it with {@code BlockNode.filter(name, "passthrough", new PassthroughDriver(), child)}: its one edge is named
 * {@code file} and has the roles FILTERED (the child's data is the node's data) and PRIMARY. For options on the command
 * line, add a line to the table of drivers of {@code NodeOpener}.
 *
 * <h2>State</h2>
 * The object is the node's identity: every version of the graph that holds the node shares it, and any number of
 * IOThreads are in it at once. A filter that counts or delays keeps its counters here and sees to their safety (striped
 * counters, no locks: {@link #submit} runs on IOThreads). This one has none. What differs between versions, such as which
 * node is the child, is not stored but asked of {@code self} for each request; a field would be wrong for requests of the
 * other version.
 */
public final class PassthroughDriver extends BlockDriver {
    /** Creates the filter. A filter with options takes them, checked, as parameters. */
    @AnyThread
    public PassthroughDriver() {}

    /** The name that options, messages and reports use. A constant. */
    @Override
    public String driverName() {
        return "passthrough";
    }

    /** The size of the disk: a filter presents its child's, whatever that is now. Must be cheap: each request asks. */
    @Override
    public long size(PlanNode self) {
        return self.main().size();
    }

    /**
     * What the driver does itself: a flag or an operation that goes to the child as it is counts as that. What a driver does
     * not name here is done for it, at the price of a child request; forgetting it is never wrong. A filter that wants
     * requests to be aligned, or no longer than so much, overrides {@code limits} too.
     */
    @Override
    public Set<Capability> capabilities(BlockNode self) {
        return EnumSet.of(Capability.FUA, Capability.ALL_ZEROES);
    }

    /**
     * The I/O. The request's range lies within {@link #size}. Duties: do not block and do not allocate; return 0 and
     * complete the request exactly once, or return a negated {@code Errno} and never complete it (guarantee H).
     *
     * <p>Here the same request goes on to the child, which takes over both duties, so the return value is the child's
     * and this method touches the request no more: it may be complete already, and its slot in use again.
     * A filter that has to see the completion forks a child request instead ({@link Request#fork}, {@link Request#submitTo}),
     * implements {@link #childCompleted} and completes the parent there. One that delays calls {@link Request#startTimer}
     * and goes on in {@link #resumed}; it must let go of what it holds back when {@link #gated} says so, and look at
     * {@link Request#gated(PlanNode)} after it has listed what it holds, or the drain of a graph change waits for it (guarantee G):
     * see {@link org.rcublk.driver.throttle.ThrottleDriver}.
     *
     * <p>The operations to think of are all of them: a filter that changes data on the way treats DISCARD and
     * WRITE_ZEROES too, and one that holds writes back treats FLUSH, which covers every write acknowledged before it, and
     * the FUA flag (guarantee K). Passing on untouched keeps all of these promises.
     */
    @Override
    public int submit(PlanNode self, Request request) {
        return self.main().submit(request);
    }

    /** Whether {@link #flush} has anything to do. A filter that holds data says nothing here, which means yes. */
    @Override
    public boolean needsFlush() {
        return false;
    }

    /**
     * Makes durable what the filter itself holds, for a graph change that takes it out of the flush set; the graph flushes
     * the child after it. Runs on a control thread and may block. A filter that holds nothing has nothing to do.
     */
    @Override
    public void flush() {
        // holds no data
    }

    /**
     * Releases what the filter owns (files, memory, timers). Called once, after the last request that could reach it has
     * ended (guarantee C). The child is not the filter's to close.
     */
    @Override
    public void close() {
        // owns nothing
    }
}
