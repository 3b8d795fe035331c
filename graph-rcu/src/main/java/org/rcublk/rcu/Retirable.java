// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import org.rcublk.annotation.GlobalState;

/** What is released once no read-side critical section can still reach it. */
@GlobalState
@FunctionalInterface
public interface Retirable {
    /**
     * Releases the resource. Called once, on the domain's callback queue, after the grace period. It may block; later
     * callbacks of the same domain wait for it, those of other domains do not.
     *
     * @throws Exception if the release fails; the failure is logged and touches no other callback
     */
    void release() throws Exception;
}
