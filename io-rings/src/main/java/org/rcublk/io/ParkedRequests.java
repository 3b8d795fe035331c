// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The requests of a queue that wait at a gate, in order. Its IOThread's; reports read the counts opaquely, a moment late. */
final class ParkedRequests {
    private final RequestList list = new RequestList();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong total = new AtomicLong();

    void add(Request request) {
        list.add(request);
        count.setOpaque(count.getPlain() + 1);
        total.setOpaque(total.getPlain() + 1);
    }

    @Nullable
    Request remove() {
        count.setOpaque(count.getPlain() - 1);
        return list.remove();
    }

    int count() {
        return count.getOpaque();
    }

    /** How many were ever added, as far as they count. */
    long total() {
        return total.getOpaque();
    }

    void total(long corrected) {
        total.setOpaque(corrected);
    }
}
