// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * Flight Recorder events of this package. While no recording is on they cost a check of a flag; in a Java runtime without
 * the module {@code jdk.jfr} there are none, and nothing else changes.
 */
@AnyThread
final class RcuEvents {
    private static final boolean AVAILABLE =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private RcuEvents() {}

    /** A grace period, from its start to its end. */
    @Name("rcublk.GracePeriod")
    @Label("Grace Period")
    @Category({"rcublk", "RCU"})
    @Description("Waited for the read sections of a domain that were open")
    @Threshold("1 ms")
    @StackTrace(false)
    static final class GracePeriod extends Event {
        @Label("Domain")
        @Nullable
        String domain;

        @Label("Cookie")
        long cookie;
    }

    /** A report of the stall detector. */
    @Name("rcublk.GracePeriodStall")
    @Label("Grace Period Stall")
    @Category({"rcublk", "RCU"})
    @Description("A grace period is older than its domain's threshold")
    @StackTrace(false)
    static final class Stall extends Event {
        @Label("Domain")
        @Nullable
        String domain;

        @Label("Cookie")
        long cookie;

        @Label("Report")
        int report;

        @Label("Age")
        @Timespan
        long age;

        @Label("Open Sections")
        long openSections;

        @Label("Holders")
        int holders;
    }

    /** One holder of a stalled grace period. */
    @Name("rcublk.StalledSection")
    @Label("Stalled Read Section")
    @Category({"rcublk", "RCU"})
    @Description("Holds a stalled grace period")
    @StackTrace(false)
    static final class StalledSection extends Event {
        @Label("Domain")
        @Nullable
        String domain;

        @Label("Cookie")
        long cookie;

        @Label("Thread Name")
        @Nullable
        String threadName;

        @Label("Place")
        @Nullable
        String place;

        @Label("Operation")
        @Nullable
        String operation;

        @Label("Age")
        @Timespan
        long age;

        @Label("Submit Site")
        @Nullable
        String site;
    }

    /** Begins the event of a grace period; null without Flight Recorder. */
    static @Nullable Object gracePeriodBegins() {
        return AVAILABLE ? Recorder.begin() : null;
    }

    static void gracePeriodEnds(@Nullable Object begun, String domain, long cookie) {
        if (begun != null) {
            Recorder.end(begun, domain, cookie);
        }
    }

    static void stalled(GracePeriodStall stall) {
        if (AVAILABLE) {
            Recorder.commit(stall);
        }
    }

    /** What refers to {@code jdk.jfr} at run time: loaded only where the module is there. */
    private static final class Recorder {
        static Object begin() {
            GracePeriod event = new GracePeriod();
            event.begin();
            return event;
        }

        static void end(Object begun, String domain, long cookie) {
            GracePeriod event = (GracePeriod) begun;
            event.end();
            if (event.shouldCommit()) {
                event.domain = domain;
                event.cookie = cookie;
                event.commit();
            }
        }

        static void commit(GracePeriodStall stall) {
            Stall event = new Stall();
            event.domain = stall.domain();
            event.cookie = stall.cookie();
            event.report = stall.report();
            event.age = stall.ageNanos();
            event.openSections = stall.openSections();
            event.holders = stall.holders().size();
            event.commit();
            for (SectionHolder holder : stall.holders()) {
                commit(stall, holder);
            }
        }

        private static void commit(GracePeriodStall stall, SectionHolder holder) {
            StalledSection event = new StalledSection();
            event.domain = stall.domain();
            event.cookie = stall.cookie();
            event.threadName = holder.thread();
            event.place = holder.place();
            event.operation = holder.operation();
            event.age = holder.ageNanos() < 0 ? Long.MIN_VALUE : holder.ageNanos(); // the recorder's "not known"
            event.site = CallSite.describe(holder.site()).strip();
            event.commit();
        }
    }
}
