// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the excerpts of one file of a queue, with plain reads: it maps nothing, locks nothing, waits for nothing, changes
 * nothing and needs no flag of the JVM. Why not by Chronicle's own tailer: docs/adr/0009.
 *
 * <p>A file is a sequence of documents. Each has a header of 4 bytes, little-endian, that the writer stores last: 30 bits
 * of length, a bit for documents of the queue itself, and a bit for one that is not complete. No header is the end so far.
 *
 * <p>While a writer appends, an excerpt whose header was read is whole, because what is read afterwards was written before.
 */
final class Excerpts implements AutoCloseable {
    private static final int NOT_COMPLETE = 1 << 31;
    private static final int OWN = 1 << 30;
    private static final int LENGTH = OWN - 1;
    private static final int MAX_OWN_LENGTH = 1 << 20;

    private final DataInputStream in;

    Excerpts(Path file) throws IOException {
        in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    }

    /** The next excerpt, or null at the end of what is complete. */
    byte @Nullable [] next() throws IOException, DamageException {
        try {
            while (true) {
                int header = header();
                int length = header & LENGTH;
                if (header == 0 || (header & NOT_COMPLETE) != 0) {
                    return null;
                }
                boolean own = (header & OWN) != 0;
                if (length > (own ? MAX_OWN_LENGTH : Frame.MAX_LENGTH)) {
                    throw new DamageException("a length that no record has");
                }
                int padded = Math.ceilDiv(length, 4) * 4;
                if (!own) {
                    byte[] excerpt = new byte[length];
                    in.readFully(excerpt);
                    in.skipNBytes(padded - length);
                    return excerpt;
                }
                in.skipNBytes(padded);
            }
        } catch (EOFException e) {
            throw new DamageException("the end of the file in the middle of a record");
        }
    }

    /** The next header; 0 at the very end of the file. */
    private int header() throws IOException {
        int first = in.read();
        if (first < 0) {
            return 0;
        }
        return first | in.readUnsignedByte() << 8 | in.readUnsignedByte() << 16 | in.readUnsignedByte() << 24;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
