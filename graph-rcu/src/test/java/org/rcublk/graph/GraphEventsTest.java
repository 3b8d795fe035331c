// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.Conditions.LONG;
import static org.rcublk.graph.Conditions.SHORT;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;

/** Flight Recorder sees drains and publications. */
class GraphEventsTest {
    private final LiveFixture f = new LiveFixture();

    @Test
    void drainsAndPublicationsAreRecorded() {
        f.add("disk");
        TestRoot root = f.attach("jfr", "disk");
        List<RecordedEvent> events = new CopyOnWriteArrayList<>();
        try (RecordingStream recording = new RecordingStream()) {
            recording.setReuse(false);
            recording.enable("rcublk.Drain").withoutThreshold();
            recording.enable("rcublk.Publication");
            recording.onEvent("rcublk.Drain", events::add);
            recording.onEvent("rcublk.Publication", events::add);
            recording.startAsync();
            long token = root.begin();
            assertThrows(DrainTimeoutException.class, () -> f.live.commit(f.filter("late", "disk"), SHORT));
            root.end(token);
            f.live.commit(f.filter("f0", "disk"), LONG);
            recording.stop();
        }
        List<RecordedEvent> drains = named(events, "rcublk.Drain");
        assertEquals(2, drains.size(), events::toString);
        assertFalse(drains.get(0).getBoolean("completed"));
        assertTrue(drains.get(1).getBoolean("completed"));
        assertEquals("jfr", drains.get(1).getString("roots"));
        List<RecordedEvent> published = named(events, "rcublk.Publication");
        assertEquals(
                List.of("GATE", "RELEASE", "GATE", "CHANGE"),
                published.stream().map(e -> e.getString("kind")).toList());
        RecordedEvent change = published.get(3);
        assertEquals(f.now().number(), change.getLong("version"));
        assertTrue(change.getDuration("gatedTime").compareTo(change.getDuration("drainTime")) >= 0, change.toString());
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(e -> e.getEventType().getName().equals(name))
                .sorted((a, b) -> a.getStartTime().compareTo(b.getStartTime()))
                .toList();
    }
}
