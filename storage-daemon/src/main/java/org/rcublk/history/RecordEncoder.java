// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.util.Map;
import org.rcublk.history.HistoryEntry.Changes;
import org.rcublk.view.GraphJson;
import org.rcublk.view.GraphView;

/**
 * Makes records of views: the difference from the last view that was written, or the whole graph where a file begins,
 * every so often, and when more than half of it differs. Not thread-safe.
 */
final class RecordEncoder {
    private final int wholeEvery;
    private GraphView last;
    private int sinceWhole;

    /**
     * An encoder.
     *
     * @param wholeEvery after how many records at most the graph is whole again
     * @param first what the first record's changes are told against
     */
    RecordEncoder(int wholeEvery, GraphView first) {
        this.wholeEvery = wholeEvery;
        this.last = first;
        this.sinceWhole = wholeEvery;
    }

    /**
     * A record, to be written.
     *
     * @param view the graph that it tells of
     * @param whole whether that is in it whole
     * @param bytes the record
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Encoded(GraphView view, boolean whole, byte[] bytes) {}

    /** The graph of the last record that was written. */
    GraphView last() {
        return last;
    }

    /**
     * Makes a record.
     *
     * @param entry what it tells, the changes left out
     * @param view the graph
     * @param fileStart whether the graph has to be whole
     */
    Encoded encode(HistoryEntry entry, GraphView view, boolean fileStart) {
        GraphDiff diff = GraphDiff.between(last, view);
        Changes names = diff.names();
        int things = view.nodes().size() + view.roots().size();
        boolean whole = fileStart || sinceWhole >= wholeEvery || 2 * size(names) > things;
        HistoryEntry told = new HistoryEntry(
                entry.run(),
                entry.record(),
                entry.kind(),
                entry.version(),
                entry.time(),
                entry.description(),
                entry.times(),
                entry.missing(),
                names);
        Map<String, Object> graph = whole ? GraphJson.toMap(view) : GraphDeltas.difference(diff, view);
        return new Encoded(view, whole, StoredRecord.encode(told, whole, graph));
    }

    /** The record is in the log: the next one is told against it. */
    void written(Encoded record) {
        last = record.view();
        sinceWhole = record.whole() ? 1 : sinceWhole + 1;
    }

    private static int size(Changes names) {
        return names.nodesAdded().size()
                + names.nodesRemoved().size()
                + names.nodesChanged().size()
                + names.rootsAdded().size()
                + names.rootsRemoved().size()
                + names.rootsChanged().size();
    }
}
