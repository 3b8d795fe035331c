// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.io.Console;
import java.io.PrintWriter;

/** Is told once a second how a load gets on. */
@FunctionalInterface
public interface Progress {
    /** Says nothing. */
    Progress SILENT = (seconds, total, iops) -> {};

    /**
     * A second has passed.
     *
     * @param seconds since the load began, its ramp included
     * @param total how long the load lasts, its ramp included, in seconds
     * @param iops requests in the last second
     */
    void tick(double seconds, double total, long iops);

    /** The line goes: something else is going to be printed. */
    default void clear() {}

    /**
     * A line on the terminal that is written over and over.
     *
     * @param err where to
     * @return the line, or {@link #SILENT} if nobody sits at a terminal
     */
    @SuppressWarnings("SystemConsoleNull") // it is null again without a terminal, as before Java 22
    static Progress onTerminal(PrintWriter err) {
        Console console = System.console();
        return console != null && console.isTerminal() ? new Line(err) : SILENT;
    }

    /** The line. */
    final class Line implements Progress {
        private static final int WIDTH = 48;
        private final PrintWriter err;

        Line(PrintWriter err) {
            this.err = err;
        }

        @Override
        public void tick(double seconds, double total, long iops) {
            String text = String.format("%.0f of %.0f s: %,d requests a second", seconds, total, iops);
            err.print("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())));
            err.flush();
        }

        @Override
        public void clear() {
            err.print("\r" + " ".repeat(WIDTH) + "\r");
            err.flush();
        }
    }
}
