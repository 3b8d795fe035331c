// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Bytes packed and unpacked. Text of a graph shrinks to a tenth. */
final class Deflated {
    private static final int BUFFER = 8 << 10;

    private Deflated() {}

    static byte[] pack(byte[] plain) {
        try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
            deflater.setInput(plain);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 4 + 64);
            byte[] buffer = new byte[BUFFER];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    /** Unpacks, but no more than so many bytes. */
    static byte[] unpack(byte[] packed, int from, int length, int most) throws DamageException {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(packed, from, length);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new DamageException("a record that cannot be unpacked");
                }
                if (out.size() + count > most) {
                    throw new DamageException("a record that unpacks to more than " + most + " bytes");
                }
                out.write(buffer, 0, count);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new DamageException("a record that cannot be unpacked");
        }
    }
}
