// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a flush covers (guarantee K). The orderings are JCStress's: FlushTests. */
class FlushGenerationsTest {
    private final FlushGenerations generations = new FlushGenerations();

    private void write(int reader) {
        generations.prepare(reader);
        generations.completed(reader);
    }

    private void flush() {
        generations.covered(generations.mark());
    }

    @Test
    void atFirstNothingIsCovered() {
        assertFalse(generations.clean());
        flush();
        assertTrue(generations.clean());
    }

    @Test
    void theWritesOfEveryIoThreadCount() {
        for (int reader : new int[] {0, 1, 15, 16, 17, 1023, 1024, 1_000_000}) {
            flush();
            assertTrue(generations.clean());
            write(reader);
            assertFalse(generations.clean(), "reader " + reader);
        }
    }

    @Test
    void aFlushCoversWhatWasCountedAsItBegan() {
        flush();
        long early = generations.mark();
        write(3);
        long late = generations.mark();
        generations.covered(early);
        assertFalse(generations.clean());
        generations.covered(late);
        generations.covered(early); // comes back late
        assertTrue(generations.clean());
    }

    @Test
    void aFlushThatFailsUncovers() {
        generations.prepare(5);
        flush();
        generations.failed(5);
        assertFalse(generations.clean());
    }
}
