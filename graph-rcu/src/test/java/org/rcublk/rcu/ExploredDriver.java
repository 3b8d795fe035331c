// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

/** The driver of grace periods for the explorer of schedules, which is in another package. */
public final class ExploredDriver {
    private ExploredDriver() {}

    /**
     * Makes a driver that takes the place of the process's.
     *
     * @return runs one round of it on the calling thread
     */
    public static Runnable fresh() {
        GracePeriodDriver driver = GracePeriodDriver.explore();
        int[] idle = new int[1];
        return () -> idle[0] = driver.round(idle[0]);
    }
}
