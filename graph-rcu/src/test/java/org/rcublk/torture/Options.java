// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.time.Duration;

/**
 * What a run is told.
 *
 * @param seconds how long it goes on
 * @param seed where its random numbers begin; how threads interleave is not in it
 * @param threads how many reader threads, 2 or more
 * @param patience how long something that must happen may take before that is a violation: far above what a loaded
 *     machine needs
 * @param goOn whether to go on after a violation, to count how often it is seen
 */
record Options(double seconds, long seed, int threads, Duration patience, boolean goOn) {
    static Options parse(String[] args, int from) {
        double seconds = 10;
        long seed = System.nanoTime() & 0xffff_ffffL;
        int threads = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
        Duration patience = Duration.ofSeconds(10);
        boolean goOn = false;
        for (int i = from; i < args.length; i++) {
            switch (args[i]) {
                case "--seconds" -> seconds = Double.parseDouble(args[++i]);
                case "--seed" -> seed = Long.parseLong(args[++i]);
                case "--threads" -> threads = Math.max(2, Integer.parseInt(args[++i]));
                case "--patience" -> patience = Duration.ofSeconds(Long.parseLong(args[++i]));
                case "--go-on" -> goOn = true;
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        return new Options(seconds, seed, threads, patience, goOn);
    }
}
