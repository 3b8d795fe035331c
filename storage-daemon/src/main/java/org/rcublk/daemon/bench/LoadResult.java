// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a load showed. Rates and latencies are of the measured window, the rest is of the whole load.
 *
 * @param seconds how long the window was
 * @param reads reads that completed in the window
 * @param writes writes that completed in the window
 * @param blockSize bytes a request
 * @param latency from submission to completion in nanoseconds, waiting at gates included
 * @param cpuMicrosPerIo processor time of the whole process for each request, in microseconds
 * @param submitted requests that were submitted
 * @param completed requests that completed
 * @param errors requests that completed with an error
 * @param firstError what the first of these was
 * @param mismatches reads whose data were wrong
 * @param firstMismatch what the first of these was
 * @param parked requests that waited at a gate in the window
 * @param changes the graph changes in the window
 */
public record LoadResult(
        double seconds,
        long reads,
        long writes,
        int blockSize,
        Histogram latency,
        double cpuMicrosPerIo,
        long submitted,
        long completed,
        long errors,
        @Nullable String firstError,
        long mismatches,
        @Nullable String firstMismatch,
        long parked,
        ChangeCounts changes) {
    /**
     * Requests a second.
     *
     * @return a rate
     */
    public double iops() {
        return seconds <= 0 ? 0 : (reads + writes) / seconds;
    }

    /**
     * Bytes a second.
     *
     * @return a rate
     */
    public double bandwidth() {
        return iops() * blockSize;
    }

    /**
     * A latency.
     *
     * @param percentile 0 to 100
     * @return nanoseconds, 0 if nothing was measured
     */
    public long latencyNanos(double percentile) {
        return latency.getTotalCount() == 0 ? 0 : latency.getValueAtPercentile(percentile);
    }

    /**
     * Whether every request and every change succeeded and all data were right.
     *
     * @return false if the command must fail
     */
    public boolean ok() {
        return problem() == null;
    }

    /**
     * What went wrong first, the worst kind before the others.
     *
     * @return one line, or null
     */
    public @Nullable String problem() {
        if (mismatches > 0) {
            return mismatches + " blocks held wrong data, the first: " + firstMismatch;
        }
        if (errors > 0) {
            return errors + " requests failed, the first: " + firstError;
        }
        if (completed < submitted) {
            return (submitted - completed) + " of " + submitted + " requests never completed";
        }
        if (changes.failed() > 0) {
            return changes.failed() + " graph changes failed, the first: " + changes.firstFailure();
        }
        return null;
    }
}
