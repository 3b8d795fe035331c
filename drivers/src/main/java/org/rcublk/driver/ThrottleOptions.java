// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import org.rcublk.annotation.AnyThread;
import org.rcublk.driver.throttle.ThrottleLimit;
import org.rcublk.driver.throttle.ThrottleLimits;

/** Reads the limits of a throttle. They are named as those of QEMU's throttle groups, and stand in the node itself. */
@AnyThread
final class ThrottleOptions {
    private static final long LONGEST_BURST = (1L << 32) - 1;

    private ThrottleOptions() {}

    static ThrottleLimits read(DriverOptions options) {
        ThrottleLimit iopsTotal = limit(options, "limits.iops-total");
        ThrottleLimit iopsRead = limit(options, "limits.iops-read");
        ThrottleLimit iopsWrite = limit(options, "limits.iops-write");
        ThrottleLimit bpsTotal = limit(options, "limits.bps-total");
        ThrottleLimit bpsRead = limit(options, "limits.bps-read");
        ThrottleLimit bpsWrite = limit(options, "limits.bps-write");
        long iopsSize = options.size("limits.iops-size", 0, 0, ThrottleLimit.MAX);
        try {
            return new ThrottleLimits(iopsTotal, iopsRead, iopsWrite, bpsTotal, bpsRead, bpsWrite, iopsSize);
        } catch (IllegalArgumentException e) {
            String where = options.path().isEmpty() ? "" : " at '" + options.path() + "'";
            throw new OptionException("driver 'throttle'" + where + ": " + e.getMessage());
        }
    }

    private static ThrottleLimit limit(DriverOptions options, String name) {
        return new ThrottleLimit(
                options.number(name, 0, 0, ThrottleLimit.MAX),
                options.number(name + "-max", 0, 0, ThrottleLimit.MAX),
                options.number(name + "-max-length", 1, 0, LONGEST_BURST));
    }
}
