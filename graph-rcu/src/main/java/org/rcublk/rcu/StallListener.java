// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import org.rcublk.annotation.GlobalState;

/** Is told of grace periods that do not end. */
@GlobalState
@FunctionalInterface
public interface StallListener {
    /**
     * A grace period is older than its domain's threshold. Called again each time another threshold has passed, on a
     * thread of its own, and not before it has returned from the last report. What it throws is logged.
     *
     * @param stall what is known
     */
    void stalled(GracePeriodStall stall);
}
