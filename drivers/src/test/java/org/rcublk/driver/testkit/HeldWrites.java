// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.testkit;

import java.util.ArrayList;
import java.util.List;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;

/** A filter that keeps writes until they are let go. */
public final class HeldWrites extends BlockDriver {
    private final List<Request> kept = new ArrayList<>(); // under its own lock
    private boolean holding; // under the list's lock

    public void hold() {
        synchronized (kept) {
            holding = true;
        }
    }

    public int held() {
        synchronized (kept) {
            return kept.size();
        }
    }

    public void letGo() {
        synchronized (kept) {
            holding = false;
            kept.forEach(Request::resume);
            kept.clear();
        }
    }

    @Override
    public String driverName() {
        return "held-writes";
    }

    @Override
    public long size(PlanNode self) {
        return self.main().size();
    }

    @Override
    @SuppressWarnings("BlockingOnIoThread") // nobody holds the list for longer than this
    public int submit(PlanNode self, Request request) {
        if (request.op() == BlockOp.WRITE) {
            synchronized (kept) {
                if (holding) {
                    kept.add(request);
                    return 0;
                }
            }
        }
        return self.main().submit(request);
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
