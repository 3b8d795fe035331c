// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rcublk.graph.PhaseTimes;
import org.rcublk.history.HistoryEntry.Changes;
import org.rcublk.history.HistoryEntry.Kind;
import org.rcublk.view.GraphJson;

/** Entries in JSON and back. A reader passes over keys that it does not know. */
public final class HistoryJson {
    private static final int MAX_TEXT = 1 << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(GraphJson.MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .maxNumberLength(32)
                    .build())
            .build());

    private HistoryJson() {}

    /**
     * An entry as values that JSON has.
     *
     * @param entry the entry
     * @return maps, lists, texts and numbers, in a fixed order
     */
    public static Map<String, Object> toMap(HistoryEntry entry) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("run", entry.run());
        map.put("record", entry.record());
        map.put("kind", entry.kind().name().toLowerCase(Locale.ROOT));
        map.put("version", entry.version());
        map.put("time", entry.time().toString());
        map.put("description", entry.description());
        PhaseTimes times = entry.times();
        map.put("flush-ns", times.flushNanos());
        map.put("gate-ns", times.gateNanos());
        map.put("grace-period-ns", times.drainNanos());
        map.put("commit-ns", times.commitNanos());
        map.put("gated-ns", times.gatedNanos());
        map.put("missing", entry.missing());
        Changes changes = entry.changes();
        map.put("nodes-added", changes.nodesAdded());
        map.put("nodes-removed", changes.nodesRemoved());
        map.put("nodes-changed", changes.nodesChanged());
        map.put("roots-added", changes.rootsAdded());
        map.put("roots-removed", changes.rootsRemoved());
        map.put("roots-changed", changes.rootsChanged());
        return map;
    }

    /**
     * Values as JSON.
     *
     * @param value maps, lists, texts, numbers, truth values or null
     * @return the text, in one line
     */
    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists, texts and numbers cannot be written", e);
        }
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists, texts and numbers cannot be written", e);
        }
    }

    static JsonNode tree(byte[] json) throws DamageException {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (tree == null || !tree.isObject()) {
                throw new DamageException("a record that is no JSON object");
            }
            return tree;
        } catch (JacksonException e) {
            throw new DamageException("a record that is malformed JSON");
        } catch (IOException e) {
            throw new DamageException("a record that is no text");
        }
    }

    static HistoryEntry entry(JsonNode head) throws DamageException {
        try {
            return new HistoryEntry(
                    head.path("run").asInt(),
                    head.path("record").asLong(),
                    Kind.valueOf(head.path("kind").asText().toUpperCase(Locale.ROOT)),
                    head.path("version").asLong(),
                    Instant.parse(head.path("time").asText()),
                    head.path("description").asText(),
                    new PhaseTimes(
                            head.path("flush-ns").asLong(),
                            head.path("gate-ns").asLong(),
                            head.path("grace-period-ns").asLong(),
                            head.path("commit-ns").asLong(),
                            head.path("gated-ns").asLong()),
                    head.path("missing").asLong(),
                    new Changes(
                            names(head, "nodes-added"),
                            names(head, "nodes-removed"),
                            names(head, "nodes-changed"),
                            names(head, "roots-added"),
                            names(head, "roots-removed"),
                            names(head, "roots-changed")));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new DamageException("a record of a kind or a time that this program does not know");
        }
    }

    static List<String> names(JsonNode object, String key) {
        List<String> names = new ArrayList<>();
        object.path(key).forEach(name -> names.add(name.asText()));
        return names;
    }
}
