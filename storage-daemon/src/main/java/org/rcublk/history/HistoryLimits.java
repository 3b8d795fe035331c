// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

/**
 * How much a history may take. A value.
 *
 * @param totalBytes what all files together may take; the oldest are deleted first. The file in use stays, so a graph whose
 *     description alone is larger takes more
 * @param fileBytes how large a file grows before the next begins
 * @param wholeEvery after how many records at most the graph is written whole again
 */
public record HistoryLimits(long totalBytes, long fileBytes, int wholeEvery) {
    /** The least total: below it there would be no room for a file of the past beside the one in use. */
    public static final long LEAST_TOTAL = 1 << 20;

    private static final int FILES = 16;
    private static final int WHOLE_EVERY = 256;

    /** What is used when nothing else is said. */
    public static final HistoryLimits DEFAULT = ofTotal(64L << 20);

    /** Checks the numbers. */
    public HistoryLimits {
        if (totalBytes < LEAST_TOTAL || fileBytes < 1 || fileBytes > totalBytes || wholeEvery < 1) {
            throw new IllegalArgumentException("limits of the history: " + totalBytes + " bytes in files of "
                    + fileBytes + ", whole every " + wholeEvery + " records");
        }
    }

    /**
     * Limits by the total alone.
     *
     * @param totalBytes at least {@value #LEAST_TOTAL}
     * @return limits with sixteen files
     */
    public static HistoryLimits ofTotal(long totalBytes) {
        return new HistoryLimits(totalBytes, totalBytes / FILES, WHOLE_EVERY);
    }
}
