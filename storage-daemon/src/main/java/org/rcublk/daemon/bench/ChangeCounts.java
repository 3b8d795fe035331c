// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import org.jspecify.annotations.Nullable;

/**
 * Graph changes that were made during a load. A value.
 *
 * @param changes changes that were made
 * @param failed changes that were refused or missed their deadline
 * @param firstFailure what the first of these said
 * @param versions versions that were published, of gates too
 * @param longestGateNanos the longest time that one change kept requests out
 */
public record ChangeCounts(
        long changes, long failed, @Nullable String firstFailure, long versions, long longestGateNanos) {
    /** No change at all. */
    public static final ChangeCounts NONE = new ChangeCounts(0, 0, null, 0, 0);
}
