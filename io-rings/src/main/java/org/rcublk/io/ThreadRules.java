// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.rcublk.annotation.AnyThread;
import org.rcublk.rcu.ReaderThread;

/**
 * Threading rules as assertions say them: what the annotations promise, looked at where a wrong thread would come in. They
 * cost nothing unless assertions are enabled.
 */
@AnyThread
public final class ThreadRules {
    private ThreadRules() {}

    /**
     * Whether the calling thread may block, because it is no IOThread.
     *
     * @return false on any IOThread
     */
    public static boolean mayBlock() {
        ReaderThread reader = ReaderThread.currentOrNull();
        return reader == null || reader.mayBlock();
    }

    /**
     * What to say where {@link #mayBlock} is asserted and does not hold.
     *
     * @param what the call
     * @return a message that names the call, the thread and the mend
     */
    public static String blocks(String what) {
        return what + " on IOThread " + Thread.currentThread().getName()
                + " may block: call it on a thread of the control path";
    }

    /** What to say of a call that belongs to an IOThread and came from another thread. */
    static String belongsTo(IoThread owner, String what) {
        return what + " on thread " + Thread.currentThread().getName() + " belongs to IOThread " + owner.name()
                + ": get there by IoThread.execute or Request.resume";
    }

    /** What to say of a use of nodes for a request that holds no section. */
    static String outside(Request request, String what) {
        return what + " for " + request + " outside its read section (state " + request.state
                + "): it has to be admitted, and not to have completed";
    }
}
