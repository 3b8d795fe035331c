// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.GlobalState;
import org.rcublk.view.GraphView;

/**
 * Reads a history, also while a daemon writes it. It changes nothing, takes no lock and needs no flag of the JVM. What is
 * damaged is left out and told in {@link #damage}. Not thread-safe.
 */
@GlobalState
public final class HistoryReader {
    private final Path stateDirectory;
    private final RunFiles files;
    private final List<String> damage = new ArrayList<>();

    /**
     * A reader.
     *
     * @param stateDirectory what was given to the daemon
     * @throws HistoryException when there is no history
     */
    public HistoryReader(Path stateDirectory) throws HistoryException {
        this.stateDirectory = stateDirectory;
        this.files = new RunFiles(stateDirectory);
        if (!Files.isDirectory(stateDirectory)) {
            throw new HistoryException("state directory '" + stateDirectory
                    + "' does not exist: give --state the directory that the daemon was given");
        }
        if (!Files.isDirectory(files.folder())) {
            throw new HistoryException("state directory '" + stateDirectory
                    + "' holds no history: a daemon with --state '" + stateDirectory + "' writes one");
        }
    }

    /**
     * A version of the past.
     *
     * @param entry what the history tells of it
     * @param graph the graph
     */
    public record Found(HistoryEntry entry, GraphView graph) {}

    /**
     * What was damaged in all that was read so far.
     *
     * @return a line for each, that names the file
     */
    public List<String> damage() {
        return List.copyOf(damage);
    }

    /**
     * All entries, the oldest first.
     *
     * @param last no more than so many, the youngest
     * @return entries
     * @throws HistoryException when a file cannot be read
     */
    public List<HistoryEntry> list(int last) throws HistoryException {
        Deque<HistoryEntry> entries = new ArrayDeque<>();
        try {
            for (int run : files.runs()) {
                new RunReader(files, run, damage).read(record -> {
                    entries.add(record.entry());
                    if (entries.size() > last) {
                        entries.remove();
                    }
                    return true;
                });
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return List.copyOf(entries);
    }

    /**
     * Finds a version.
     *
     * @param address which
     * @return what was recorded of it
     * @throws HistoryException when it is not there, with those that are, or when a file cannot be read
     */
    public Found find(VersionAddress address) throws HistoryException {
        int run = run(address);
        Search search = new Search(address.version());
        try {
            new RunReader(files, run, damage).read(search);
            return search.found(run);
        } catch (DamageException e) {
            throw new HistoryException("run " + run + " of '" + stateDirectory + "' holds " + e.getMessage(), e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private int run(VersionAddress address) throws HistoryException {
        try {
            List<Integer> runs = files.runs();
            if (runs.isEmpty()) {
                throw new HistoryException("the history in '" + stateDirectory + "' is empty");
            }
            if (address.run() != 0 && !runs.contains(address.run())) {
                throw new HistoryException("the history in '" + stateDirectory + "' has no run " + address.run()
                        + ": use one of " + runs.getFirst() + " to " + runs.getLast());
            }
            return address.run() == 0 ? runs.getLast() : address.run();
        } catch (HistoryException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private HistoryException unreadable(IOException e) {
        return e instanceof HistoryException told
                ? told
                : new HistoryException("cannot read the history in '" + stateDirectory + "': " + Reasons.of(e), e);
    }

    /** Follows the graph up to a version. */
    private static final class Search implements RunReader.Visitor {
        private final long wanted;
        private final GraphDeltas graph = new GraphDeltas();
        private @Nullable HistoryEntry first;
        private @Nullable HistoryEntry before;
        private @Nullable HistoryEntry after;

        Search(long wanted) {
            this.wanted = wanted;
        }

        @Override
        public boolean take(StoredRecord record) throws DamageException {
            HistoryEntry entry = record.entry();
            if (!entry.kind().hasVersion()) {
                return true;
            }
            if (wanted >= 0 && entry.version() > wanted) {
                after = entry;
                return false;
            }
            graph.apply(record);
            first = first == null ? entry : first;
            before = entry;
            return entry.version() != wanted;
        }

        Found found(int run) throws HistoryException, DamageException {
            HistoryEntry entry = before;
            if (entry != null && (wanted < 0 || entry.version() == wanted)) {
                return new Found(entry, graph.view(entry.version()));
            }
            if (entry == null && after == null) {
                throw new HistoryException("run " + run + " of the history holds no version");
            }
            String nearest = entry == null
                    ? "the oldest is " + (after == null ? "" : after.address())
                    : after == null
                            ? "the last is " + entry.address()
                            : "the nearest are " + entry.address() + " and " + after.address();
            throw new HistoryException(
                    "the history has no version " + run + ":" + wanted + ": " + nearest + " (see 'history list')");
        }
    }
}
