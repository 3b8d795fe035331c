// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** The requests of a queue that wait at a gate, in order. Its IOThread's; reports read the counts, a moment late. */
final class ParkedRequests {
    private static final VarHandle COUNT;
    private static final VarHandle TOTAL;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            COUNT = lookup.findVarHandle(ParkedRequests.class, "count", int.class);
            TOTAL = lookup.findVarHandle(ParkedRequests.class, "total", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final RequestList list = new RequestList();
    private int count;
    private long total;

    void add(Request request) {
        list.add(request);
        COUNT.setOpaque(this, count + 1);
        TOTAL.setOpaque(this, total + 1);
    }

    @Nullable
    Request remove() {
        COUNT.setOpaque(this, count - 1);
        return list.remove();
    }

    int count() {
        return (int) COUNT.getOpaque(this);
    }

    /** How many were ever added, as far as they count. */
    long total() {
        return (long) TOTAL.getOpaque(this);
    }

    void total(long corrected) {
        TOTAL.setOpaque(this, corrected);
    }
}
