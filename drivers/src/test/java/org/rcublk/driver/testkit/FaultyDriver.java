// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.testkit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;

/** A filter for tests: counts, holds reads until they are resumed, and fails some of them. */
public final class FaultyDriver extends BlockDriver {
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger longReads = new AtomicInteger();
    private final AtomicInteger toFail = new AtomicInteger();
    private volatile Predicate<Request> hold = request -> false;

    /** Which reads to keep; each is resumed by who kept it. */
    public void holdReads(Predicate<Request> newHold) {
        hold = newHold;
    }

    /** The next reads that get as far as the child fail. */
    public void failReads(int count) {
        toFail.set(count);
    }

    public int reads() {
        return reads.get();
    }

    public int writes() {
        return writes.get();
    }

    /** Reads of a cluster that were forked, which is how an overlay copies. */
    public int copies(int cluster) {
        return longReads.get() / cluster;
    }

    @Override
    public String driverName() {
        return "faulty";
    }

    @Override
    public long size(PlanNode self) {
        return self.main().size();
    }

    @Override
    public int submit(PlanNode self, Request request) {
        if (request.op() == BlockOp.READ) {
            reads.incrementAndGet();
            if (request.parent() != null) {
                longReads.addAndGet((int) request.length());
            }
            if (hold.test(request)) {
                return 0;
            }
        } else if (request.op().modifies()) {
            writes.incrementAndGet();
        }
        return pass(self, request);
    }

    @RequiresReadSection
    private int pass(PlanNode self, Request request) {
        if (request.op() == BlockOp.READ && toFail.get() > 0) {
            toFail.decrementAndGet();
            return -Errno.EIO;
        }
        return self.main().submit(request);
    }

    @Override
    public void resumed(PlanNode self, Request request) {
        int refused = pass(self, request);
        if (refused != 0) {
            request.complete(refused);
        }
    }

    @Override
    public void flush() {
        // holds no data
    }

    @Override
    public void close() {
        // owns nothing
    }
}
