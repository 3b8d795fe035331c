// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.Map;
import org.rcublk.view.GraphJson;

/**
 * One record: the entry, and apart from it the graph, whole or as a difference, so that a list need not unpack graphs.
 *
 * @param entry what the record tells
 * @param whole whether the graph is whole
 * @param packed the bytes of the record
 * @param graphAt where in them the packed graph begins
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StoredRecord(HistoryEntry entry, boolean whole, byte[] packed, int graphAt) {
    private static final int MAX_HEAD = 64 << 20;

    /** Twice what a view may have in characters: a character of a name may take more than a byte. */
    private static final int MAX_GRAPH = 2 * GraphJson.MAX_LENGTH;

    /** The bytes of a record. */
    static byte[] encode(HistoryEntry entry, boolean whole, Map<String, Object> graph) {
        Map<String, Object> head = HistoryJson.toMap(entry);
        head.put("whole", whole);
        byte[] packedHead = Deflated.pack(HistoryJson.bytes(head));
        byte[] packedGraph = Deflated.pack(HistoryJson.bytes(graph));
        return ByteBuffer.allocate(Integer.BYTES + packedHead.length + packedGraph.length)
                .putInt(packedHead.length)
                .put(packedHead)
                .put(packedGraph)
                .array();
    }

    static StoredRecord decode(byte[] bytes) throws DamageException {
        int length = bytes.length < Integer.BYTES ? -1 : ByteBuffer.wrap(bytes).getInt();
        if (length < 0 || length > bytes.length - Integer.BYTES) {
            throw new DamageException("a record with impossible lengths");
        }
        JsonNode head = HistoryJson.tree(Deflated.unpack(bytes, Integer.BYTES, length, MAX_HEAD));
        return new StoredRecord(HistoryJson.entry(head), head.path("whole").asBoolean(), bytes, Integer.BYTES + length);
    }

    /** The graph, or what differs, as JSON. */
    JsonNode graph() throws DamageException {
        return HistoryJson.tree(Deflated.unpack(packed, graphAt, packed.length - graphAt, MAX_GRAPH));
    }
}
