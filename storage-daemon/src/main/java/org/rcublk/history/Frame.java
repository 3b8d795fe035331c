// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A piece of a record, as one excerpt of the queue. A record is cut, so that an excerpt is always much smaller than the
 * piece of the file that is mapped at a time.
 *
 * <pre>
 *  0  magic "rcuh"               16  part, from 0
 *  4  CRC32C of all that follows 20  parts of the record
 *  8  number of the record       24  format, now 1
 *                                28  length of the payload
 * 32  payload, then zeros up to a multiple of 4
 * </pre>
 *
 * All numbers are big-endian.
 *
 * @param record the number of the record within its run
 * @param part which piece, from 0
 * @param parts how many pieces the record has
 * @param payload the piece
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(long record, int part, int parts, byte[] payload) {
    /** How much of a record goes into one frame. */
    static final int PIECE = 16 << 10;

    /** No frame is longer. */
    static final int MAX_LENGTH = PIECE + Frame.HEADER;

    private static final int HEADER = 32;
    private static final int MAGIC = 0x72637568;
    private static final int FORMAT = 1;
    private static final int CRC_AT = 4;
    private static final int MAX_PARTS = 1 << 14;

    /** The record's bytes, cut. */
    static byte[][] cut(long record, byte[] bytes) {
        int parts = Math.max(1, Math.ceilDiv(bytes.length, PIECE));
        if (parts > MAX_PARTS) {
            throw new IllegalArgumentException("a record of " + bytes.length + " bytes is too long");
        }
        byte[][] frames = new byte[parts][];
        for (int part = 0; part < parts; part++) {
            int from = part * PIECE;
            int length = Math.min(PIECE, bytes.length - from);
            ByteBuffer frame = ByteBuffer.allocate(HEADER + Math.ceilDiv(length, 4) * 4);
            frame.putInt(MAGIC).putInt(0).putLong(record).putInt(part).putInt(parts);
            frame.putInt(FORMAT).putInt(length).put(bytes, from, length);
            frame.putInt(CRC_AT, crc(frame.array()));
            frames[part] = frame.array();
        }
        return frames;
    }

    /** Reads a frame; throws a message without place when it is none. */
    static Frame of(byte[] excerpt) throws DamageException {
        ByteBuffer frame = ByteBuffer.wrap(excerpt);
        if (excerpt.length < HEADER || frame.getInt(0) != MAGIC) {
            throw new DamageException("something that is no record of the history");
        }
        if (frame.getInt(CRC_AT) != crc(excerpt)) {
            throw new DamageException("a record whose checksum is wrong");
        }
        int format = frame.getInt(24);
        if (format != FORMAT) {
            throw new DamageException("a record of format " + format + ", where this program knows format " + FORMAT
                    + ": read it with the program that wrote it");
        }
        int part = frame.getInt(16);
        int parts = frame.getInt(20);
        int length = frame.getInt(28);
        if (parts < 1
                || parts > MAX_PARTS
                || part < 0
                || part >= parts
                || length < 0
                || length > excerpt.length - HEADER) {
            throw new DamageException("a record with impossible lengths");
        }
        byte[] payload = new byte[length];
        frame.get(HEADER, payload);
        return new Frame(frame.getLong(8), part, parts, payload);
    }

    private static int crc(byte[] frame) {
        CRC32C crc = new CRC32C();
        crc.update(frame, CRC_AT + 4, frame.length - CRC_AT - 4);
        return (int) crc.getValue();
    }
}
