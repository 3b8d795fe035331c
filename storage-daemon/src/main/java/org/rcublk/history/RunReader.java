// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one run, file by file. Damage ends the reading of a file; the next file begins with a whole graph,
 * so reading goes on there, and what is missing in between shows in the numbers of the records.
 */
final class RunReader {
    private final RunFiles files;
    private final int run;
    private final List<String> damage;
    private long expected = -1;

    /**
     * A reader, used once.
     *
     * @param damage where a line for each damage goes
     */
    RunReader(RunFiles files, int run, List<String> damage) {
        this.files = files;
        this.run = run;
        this.damage = damage;
    }

    /** Takes records in order. */
    @FunctionalInterface
    interface Visitor {
        /** Takes one; false ends the reading. */
        boolean take(StoredRecord record) throws DamageException;
    }

    void read(Visitor visitor) throws IOException {
        for (Path file : files.files(run)) {
            if (!read(file, visitor)) {
                return;
            }
        }
    }

    /** False when the visitor has had enough. */
    private boolean read(Path file, Visitor visitor) throws IOException {
        boolean first = true;
        try (Excerpts excerpts = new Excerpts(file)) {
            for (StoredRecord record = next(excerpts, first); record != null; record = next(excerpts, first)) {
                first = false;
                if (!visitor.take(record)) {
                    return false;
                }
            }
        } catch (NoSuchFileException e) {
            expected = -1; // pruned after it was listed
        } catch (DamageException e) {
            damage.add("'" + file + "' holds " + e.getMessage()
                    + (expected < 0 ? "" : ", after record " + (expected - 1) + " of run " + run)
                    + ": the rest of this file is left out");
        }
        return true;
    }

    /** The next complete record; null at the end of what is complete. */
    private @Nullable StoredRecord next(Excerpts excerpts, boolean first) throws IOException, DamageException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int parts = 1;
        long number = -1;
        for (int part = 0; part < parts; part++) {
            byte[] excerpt = excerpts.next();
            if (excerpt == null) {
                return null;
            }
            Frame frame = Frame.of(excerpt);
            if (part == 0) {
                parts = frame.parts();
                number = frame.record();
            }
            if (frame.part() != part || frame.parts() != parts || frame.record() != number) {
                throw new DamageException("pieces of different records");
            }
            bytes.write(frame.payload());
        }
        StoredRecord record = StoredRecord.decode(bytes.toByteArray());
        if (record.entry().record() != number || record.entry().run() != run) {
            throw new DamageException("a record of another place");
        }
        if (first && expected >= 0 && number > expected) {
            damage.add("run " + run + " has no records " + expected + " to " + (number - 1));
        } else if (expected >= 0 && number != expected) {
            throw new DamageException("record " + number + " out of order");
        }
        expected = number + 1;
        return record;
    }
}
