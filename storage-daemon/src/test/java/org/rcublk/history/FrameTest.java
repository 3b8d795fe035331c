// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, Frame.PIECE - 1, Frame.PIECE, Frame.PIECE + 1, 5 * Frame.PIECE + 7})
    void aRecordIsPutTogetherAgain(int length) throws DamageException {
        byte[] bytes = random(length);
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        byte[][] frames = Frame.cut(17, bytes);
        for (int part = 0; part < frames.length; part++) {
            assertEquals(0, frames[part].length % 4);
            Frame frame = Frame.of(frames[part]);
            assertEquals(17, frame.record());
            assertEquals(part, frame.part());
            assertEquals(frames.length, frame.parts());
            together.writeBytes(frame.payload());
        }
        assertArrayEquals(bytes, together.toByteArray());
    }

    @Test
    void everyFlippedBitIsSeen() {
        byte[] frame = Frame.cut(3, random(50))[0];
        for (int bit = 0; bit < 8 * frame.length; bit++) {
            byte[] bad = frame.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(DamageException.class, () -> Frame.of(bad), "bit " + bit);
        }
        assertThrows(DamageException.class, () -> Frame.of(new byte[0]));
    }
}
