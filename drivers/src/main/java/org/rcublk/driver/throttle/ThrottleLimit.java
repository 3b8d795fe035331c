// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.throttle;

import org.rcublk.annotation.AnyThread;

/**
 * One limit, in units a second: requests, or bytes.
 *
 * @param average what is let through a second in the long run; 0 for no limit
 * @param burst what may be let through a second for a while; 0 for none, which still lets a tenth of a second's average
 *     through at once
 * @param burstSeconds for how long, after a time without requests; 1 unless there is a burst
 */
@AnyThread
public record ThrottleLimit(long average, long burst, long burstSeconds) {
    /** No limit. */
    public static final ThrottleLimit NONE = new ThrottleLimit(0, 0, 1);

    /** The largest rate, and the largest product of burst and its length. */
    public static final long MAX = 1_000_000_000_000_000L;

    /**
     * A limit without a burst.
     *
     * @param average units a second
     * @return the limit
     */
    public static ThrottleLimit of(long average) {
        return new ThrottleLimit(average, 0, 1);
    }

    boolean limits() {
        return average > 0;
    }

    /** Throws when the numbers contradict each other; the option's name is what the message blames. */
    void check(String option) {
        if (average < 0 || average > MAX || burst < 0 || burst > MAX) {
            throw new IllegalArgumentException(option + " is out of range: rates are from 0 to " + MAX);
        }
        if (burst > 0 && average == 0) {
            throw new IllegalArgumentException(option + "-max needs " + option + ": give the average rate too");
        }
        if (burst > 0 && burst < average) {
            throw new IllegalArgumentException(option + "-max is " + burst + ", which is less than " + option + ", "
                    + average + ": a burst is no slower than the average");
        }
        if (burstSeconds < 1) {
            throw new IllegalArgumentException(option + "-max-length is " + burstSeconds + ": it is at least 1 second");
        }
        if (burstSeconds > 1 && burst == 0) {
            throw new IllegalArgumentException(
                    option + "-max-length needs " + option + "-max: give the rate of the burst too");
        }
        if (burst > MAX / burstSeconds) {
            throw new IllegalArgumentException(option + "-max times " + option + "-max-length is more than " + MAX
                    + ": choose a shorter or a slower burst");
        }
    }
}
