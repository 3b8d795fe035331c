// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

/** The kinds of load, named as fio names them. */
enum Rw {
    RANDREAD(true, 0),
    RANDWRITE(true, 100),
    RANDRW(true, 50),
    READ(false, 0),
    WRITE(false, 100);

    private final boolean random;
    private final int writePercent;

    Rw(boolean random, int writePercent) {
        this.random = random;
        this.writePercent = writePercent;
    }

    boolean random() {
        return random;
    }

    /** Of a hundred requests, how many are writes, unless an option says otherwise. */
    int writePercent() {
        return writePercent;
    }
}
