// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rcublk.graph.Publication;
import org.rcublk.history.HistoryEntry.Kind;

/** What was published is what is read. */
@Timeout(120)
class HistoryRoundTripTest {
    @TempDir
    private Path state;

    private static VersionAddress at(String text) {
        VersionAddress address = VersionAddress.parse(text);
        if (address == null) {
            throw new AssertionError(text);
        }
        return address;
    }

    private static void assertAllThere(HistoryReader reader, int run, List<Publication> published)
            throws HistoryException {
        for (Publication p : published) {
            HistoryReader.Found found = reader.find(at(run + ":" + p.version()));
            assertEquals(LiveDisk.view(p), found.graph());
            assertEquals(p.kind().name(), found.entry().kind().name());
            assertEquals(p.description(), found.entry().description());
            assertEquals(p.times(), found.entry().times());
            assertEquals(0, found.entry().missing());
        }
        assertEquals(List.of(), reader.damage());
    }

    @Test
    void everyVersionIsReadAsItWasPublished() throws IOException {
        LiveDisk disk = new LiveDisk();
        try (HistoryWriter history = disk.record(state, LiveDisk.SMALL_FILES)) {
            for (int i = 0; i < 30; i++) {
                disk.add("n" + i);
            }
            disk.attach("vda", "n0").attach("vdb", "n1").churn("n0", 20).churn("n7", 20);
            disk.remove("n9").remove("n10");
            assertFalse(disk.published.isEmpty());
            assertEquals(0, history.missing());
        }
        assertTrue(new RunFiles(state).files(1).size() > 3, "several files");
        HistoryReader reader = new HistoryReader(state);
        assertAllThere(reader, 1, disk.published);
        List<HistoryEntry> entries = reader.list(Integer.MAX_VALUE);
        assertEquals(Kind.START, entries.getFirst().kind());
        assertEquals(Kind.END, entries.getLast().kind());
        assertEquals(
                LongStream.range(0, entries.size()).boxed().toList(),
                entries.stream().map(HistoryEntry::record).toList());
        assertEquals(
                disk.published.size(),
                entries.stream()
                        .filter(e -> e.kind() != Kind.START && e.kind() != Kind.END)
                        .count());
        assertEquals(entries.subList(entries.size() - 3, entries.size()), reader.list(3));
    }

    @Test
    void namesWhatChanged() throws IOException {
        LiveDisk disk = new LiveDisk();
        try (HistoryWriter history = disk.record(state, HistoryLimits.DEFAULT)) {
            disk.add("disk").attach("vda", "disk").filter("f", "disk").drop("f");
            assertEquals(0, history.missing());
        }
        List<HistoryEntry> changes = new HistoryReader(state)
                .list(99).stream().filter(e -> e.kind() == Kind.CHANGE).toList();
        assertEquals(List.of("disk"), changes.get(0).changes().nodesAdded());
        assertEquals(List.of("vda"), changes.get(1).changes().rootsAdded());
        assertEquals(List.of("f"), changes.get(2).changes().nodesAdded());
        assertEquals(List.of("vda"), changes.get(2).changes().rootsChanged());
        assertEquals(List.of("f"), changes.get(3).changes().nodesRemoved());
    }

    @Test
    void gatesAreInIt() throws IOException {
        LiveDisk disk = LiveDisk.small();
        try (HistoryWriter history = disk.record(state, HistoryLimits.DEFAULT)) {
            disk.live.drain(List.of("disk"), LiveDisk.PATIENCE).close();
            assertEquals(0, history.missing());
        }
        HistoryReader reader = new HistoryReader(state);
        HistoryEntry gate = reader.list(99).stream()
                .filter(e -> e.kind() == Kind.GATE)
                .findFirst()
                .orElseThrow();
        assertTrue(
                reader.find(at("" + gate.version())).graph().nodes().getFirst().gated());
        assertTrue(
                reader.find(at("" + gate.version())).graph().roots().getFirst().gated());
        assertFalse(reader.find(at("last")).graph().nodes().getFirst().gated());
        assertEquals(List.of("disk"), gate.changes().nodesChanged());
    }

    @Test
    void isReadWhileItIsWrittenAndNothingIsChanged() throws IOException {
        LiveDisk disk = LiveDisk.small();
        try (HistoryWriter history = disk.record(state, LiveDisk.SMALL_FILES)) {
            HistoryReader reader = new HistoryReader(state);
            for (int round = 0; round < 20; round++) {
                disk.churn("disk", 3);
                int records = 1 + disk.published.size() - 2; // two were before it was recorded
                Waiting.until("all is written", () -> history.written() == records);
                assertEquals(records, reader.list(Integer.MAX_VALUE).size());
                assertEquals(
                        LiveDisk.view(disk.published.getLast()),
                        reader.find(at("last")).graph());
            }
            assertEquals(List.of(), reader.damage());
        }
        Map<String, String> before = contents();
        HistoryReader reader = new HistoryReader(state);
        assertFalse(reader.list(Integer.MAX_VALUE).isEmpty());
        assertEquals(
                disk.live.current().number(), reader.find(at("last")).entry().version());
        assertEquals(before, contents());
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.toList()) {
                all.put(
                        file.toString(),
                        Files.getLastModifiedTime(file) + " "
                                + (Files.isRegularFile(file)
                                        ? java.util.Arrays.hashCode(Files.readAllBytes(file))
                                        : 0));
            }
        }
        return all;
    }

    @Test
    void aNewRunGoesOnBesideTheOldOnes() throws IOException {
        LiveDisk first = LiveDisk.small();
        try (HistoryWriter history = first.record(state, HistoryLimits.DEFAULT)) {
            first.churn("disk", 2);
            assertEquals(0, history.missing());
        }
        LiveDisk second = new LiveDisk();
        try (HistoryWriter history = second.record(state, HistoryLimits.DEFAULT)) {
            second.add("other");
            assertEquals(0, history.missing());
        }
        HistoryReader reader = new HistoryReader(state);
        assertAllThere(reader, 1, first.published.subList(2, first.published.size()));
        assertAllThere(reader, 2, second.published);
        assertEquals("other", reader.find(at("1")).graph().nodes().getFirst().name());
        assertEquals(2, reader.find(at("last")).entry().run());
        assertEquals(1, reader.find(at("1:last")).entry().run());
        // The first version of the first run is what it started from: two changes were before.
        assertEquals(Kind.START, reader.find(at("1:2")).entry().kind());
        for (String missing : List.of("3:1", "1:1", "1:99", "99")) {
            String message = assertThrows(HistoryException.class, () -> reader.find(at(missing)))
                    .getMessage();
            assertEquals(1, message.lines().count(), message);
        }
    }

    @Test
    void aSecondWriterIsRefused() throws IOException {
        LiveDisk disk = LiveDisk.small();
        try (HistoryWriter history = disk.record(state, HistoryLimits.DEFAULT)) {
            String message = assertThrows(
                            HistoryException.class, () -> new LiveDisk().record(state, HistoryLimits.DEFAULT))
                    .getMessage();
            assertTrue(
                    message.contains(
                            "in use by process " + ProcessHandle.current().pid()),
                    message);
            disk.churn("disk", 1);
            assertEquals(0, history.missing());
        }
        assertEquals(1, new RunFiles(state).runs().size(), "the refused one left nothing");
        new LiveDisk().record(state, HistoryLimits.DEFAULT).close();
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNamed() throws IOException {
        Path file = Files.writeString(state.resolve("file"), "x");
        for (Path bad : List.of(file, file.resolve("below"))) {
            String message = assertThrows(
                            HistoryException.class, () -> new LiveDisk().record(bad, HistoryLimits.DEFAULT))
                    .getMessage();
            assertTrue(message.contains(bad.toString()) && message.contains("--state"), message);
        }
        assertThrows(HistoryException.class, () -> new HistoryReader(state.resolve("missing")));
        assertThrows(HistoryException.class, () -> new HistoryReader(state));
    }
}
