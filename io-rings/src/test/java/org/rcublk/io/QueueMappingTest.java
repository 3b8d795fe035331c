// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Which queue runs where. */
class QueueMappingTest {
    @Test
    void noIoThread() {
        QueueMapping mapping = QueueMapping.none();
        assertEquals(0, mapping.threadsFor(8));
        for (int queue = 0; queue < 8; queue++) {
            assertEquals(-1, mapping.threadOf(queue));
        }
    }

    @Test
    void inTurn() {
        QueueMapping mapping = QueueMapping.threads(3);
        assertEquals(3, mapping.threadsFor(8));
        assertEquals(0, mapping.threadOf(0));
        assertEquals(2, mapping.threadOf(2));
        assertEquals(1, mapping.threadOf(7));
        assertThrows(IllegalArgumentException.class, () -> QueueMapping.threads(0));
    }

    @Test
    void oneEach() {
        QueueMapping mapping = QueueMapping.perQueue();
        assertEquals(5, mapping.threadsFor(5));
        assertEquals(4, mapping.threadOf(4));
    }

    @Test
    void listed() {
        int[] list = {2, 0, 2};
        QueueMapping mapping = QueueMapping.explicit(list);
        list[0] = 9; // the mapping keeps a copy
        assertEquals(3, mapping.threadsFor(100));
        assertEquals(2, mapping.threadOf(0));
        assertEquals(0, mapping.threadOf(1));
        assertEquals(2, mapping.threadOf(5));
        assertThrows(IllegalArgumentException.class, QueueMapping::explicit);
        IllegalArgumentException negative =
                assertThrows(IllegalArgumentException.class, () -> QueueMapping.explicit(0, -1));
        assertTrue(negative.getMessage().contains("-1"), negative.getMessage());
    }
}
