// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * Flight Recorder events of drains and publications. While no recording is on they cost a check of a flag; in a Java
 * runtime without the module {@code jdk.jfr} there are none, and nothing else changes.
 */
@AnyThread
final class GraphEvents {
    private static final boolean AVAILABLE =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private GraphEvents() {}

    /** Waited for the requests in flight of the roots that a change affects. */
    @Name("rcublk.Drain")
    @Label("Drain")
    @Category({"rcublk", "Block Graph"})
    @Description("Waited for the requests of the roots that reach what changes")
    @StackTrace(false)
    static final class Drain extends Event {
        @Label("Change")
        @Nullable
        String change;

        @Label("Roots")
        @Nullable
        String roots;

        @Label("Completed")
        boolean completed;
    }

    /** A version was published. */
    @Name("rcublk.Publication")
    @Label("Publication")
    @Category({"rcublk", "Block Graph"})
    @Description("A version of the block graph was published")
    @StackTrace(false)
    static final class Published extends Event {
        @Label("Version")
        long version;

        @Label("Kind")
        @Nullable
        String kind;

        @Label("Change")
        @Nullable
        String change;

        @Label("Flush Time")
        @Timespan
        long flushTime;

        @Label("Gate Time")
        @Timespan
        long gateTime;

        @Label("Drain Time")
        @Timespan
        long drainTime;

        @Label("Commit Time")
        @Timespan
        long commitTime;

        @Label("Gated Time")
        @Timespan
        long gatedTime;
    }

    /** Begins the event of a drain; null without Flight Recorder. */
    static @Nullable Object drainBegins() {
        return AVAILABLE ? Recorder.begin() : null;
    }

    static void drainEnds(@Nullable Object begun, String change, List<RootState> roots, boolean completed) {
        if (begun != null) {
            Recorder.end(begun, change, roots, completed);
        }
    }

    static void published(Publication publication) {
        if (AVAILABLE) {
            Recorder.commit(publication);
        }
    }

    /** What refers to {@code jdk.jfr} at run time: loaded only where the module is there. */
    private static final class Recorder {
        static Object begin() {
            Drain event = new Drain();
            event.begin();
            return event;
        }

        static void end(Object begun, String change, List<RootState> roots, boolean completed) {
            Drain event = (Drain) begun;
            event.end();
            if (event.shouldCommit()) {
                event.change = change;
                event.roots = String.join(" ", roots.stream().map(RootState::id).toList());
                event.completed = completed;
                event.commit();
            }
        }

        static void commit(Publication publication) {
            Published event = new Published();
            if (event.shouldCommit()) {
                PhaseTimes times = publication.times();
                event.version = publication.version();
                event.kind = publication.kind().name();
                event.change = publication.description();
                event.flushTime = times.flushNanos();
                event.gateTime = times.gateNanos();
                event.drainTime = times.drainNanos();
                event.commitTime = times.commitNanos();
                event.gatedTime = times.gatedNanos();
                event.commit();
            }
        }
    }
}
