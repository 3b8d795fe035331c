// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.testkit;

import java.util.SplittableRandom;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;

/** A filter for tests: each write waits a random while before it goes on. Reads pass. */
public final class SlowWrites extends BlockDriver {
    private final long seed;
    private final long atMostNanos;

    public SlowWrites(long seed, long atMostNanos) {
        this.seed = seed;
        this.atMostNanos = atMostNanos;
    }

    @Override
    public String driverName() {
        return "slow-writes";
    }

    @Override
    public long size(PlanNode self) {
        return self.main().size();
    }

    @Override
    public int submit(PlanNode self, Request request) {
        if (request.op() != BlockOp.WRITE) {
            return self.main().submit(request);
        }
        request.startTimer(new SplittableRandom(seed ^ request.offset()).nextLong(atMostNanos));
        return 0;
    }

    @Override
    public void resumed(PlanNode self, Request request) {
        request.submitTo(self.main());
    }

    @Override
    public void flush() {
        // holds no data that was acknowledged
    }

    @Override
    public void close() {
        // owns nothing
    }
}
