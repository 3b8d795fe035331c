// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import org.rcublk.annotation.AnyThread;
import org.slf4j.Logger;

/** Logs where a logging back-end that throws must not end the thread: one that serves every domain, say. */
@AnyThread
final class SafeLog {
    private SafeLog() {}

    static void error(Logger log, String format, Object... arguments) {
        try {
            log.error(format, arguments);
        } catch (RuntimeException | Error failed) {
            // There is no other place to say so, and what was to be reported is not ours to stop for.
        }
    }
}
