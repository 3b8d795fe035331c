// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import static org.rcublk.explore.Fixture.A;
import static org.rcublk.explore.Fixture.B;
import static org.rcublk.explore.Fixture.C;
import static org.rcublk.explore.Run.check;
import static org.rcublk.explore.Run.step;

import java.time.Duration;
import java.util.List;
import org.rcublk.explore.Fixture.Resource;
import org.rcublk.rcu.ReaderIndex;

/** Sections against grace periods of one domain. */
final class SectionScenarios {
    private static final Duration LONG = Duration.ofHours(1);
    /** For scenarios that are not about the order of one scan's loads. */
    private static final String[] SCAN = {"rcu.table-read", "rcu.unlock-read", "rcu.lock-read"};

    private SectionScenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.of("RcuSyncFree", "S3, S4 (1)", SectionScenarios::rcuSyncFree, "rcu-release-early"),
                Scenario.of("FalseZero", "S3 (23)", SectionScenarios::falseZero, "rcu-locks-first", "rcu-net-counter"),
                Scenario.of("FlipRace", "S3 (24)", SectionScenarios::flipRace, "rcu-one-scan"),
                Scenario.of("UpDown", "S3 (22)", SectionScenarios::upDown, "rcu-upread-wrong-rank"),
                Scenario.of("ForkBeforeEnd", "S8 (29)", SectionScenarios::forkBeforeEnd, "rcu-fork-uncounted"),
                Scenario.of("ForkAcrossFlip", "S8 (30)", SectionScenarios::forkAcrossFlip, "rcu-fork-fresh-rank"),
                Scenario.of("GpShare", "S3 (32)", SectionScenarios::gpShare, "rcu-cookie-rides")
                        .over(SCAN),
                Scenario.of(
                        "StepperHandOver", "no request is lost", SectionScenarios::handOver, "rcu-stepper-no-recheck"),
                Scenario.of(
                                "RequestRace",
                                "no request is lost",
                                SectionScenarios::requestRace,
                                "rcu-request-overwrites")
                        .over(SCAN),
                Scenario.of("SlotGrow", "S3 (27)", SectionScenarios::slotGrow, "rcu-register-late"),
                Scenario.of("SlotsGrow", "counts", SectionScenarios::slotsGrow, "rcu-grow-by-set"),
                Scenario.of(
                        "SlotRegister",
                        "S3 (27)",
                        SectionScenarios::slotRegister,
                        "rcu-table-once",
                        "rcu-scan-one-chunk"),
                Scenario.of("SlotRecycle", "S3 (28)", SectionScenarios::slotRecycle, "rcu-slot-zeroed"),
                Scenario.of("GuestFree", "S3 (25)", SectionScenarios::guestFree, "rcu-scan-no-guests"),
                Scenario.of(
                        "GuestStripe",
                        "counts (26)",
                        SectionScenarios::guestStripe,
                        "rcu-guest-no-rmw",
                        "rcu-grow-by-set"),
                Scenario.of("PollCookie", "S3 (31)", SectionScenarios::pollCookie, "rcu-poll-early"),
                Scenario.of("NewReaders", "L2 (36)", SectionScenarios::newReaders, "rcu-no-flip"),
                Scenario.of("CloseDomain", "close waits, and stays closed", SectionScenarios::close, "rcu-flip-reopens")
                        .over(SCAN));
    }

    private static void rcuSyncFree(Run run) {
        Fixture f = new Fixture().slots(A, B);
        run.thread("reader", () -> f.read(A));
        run.thread("writer", f::replace);
    }

    /** P has been open since before; N begins on one slot and ends on another, both passed by one scan. */
    private static void falseZero(Run run) {
        Fixture f = new Fixture().slots(A, B, C);
        long open = f.domain.downRead(C);
        Resource seen = f.current;
        run.thread("P", () -> {
            Fixture.use(seen);
            f.domain.upRead(C, open);
        });
        run.thread("N", () -> f.domain.upRead(B, f.domain.downRead(A)));
        run.thread("writer", f::replace);
    }

    private static void flipRace(Run run) {
        Fixture f = new Fixture();
        run.thread("reader", () -> f.read(A));
        run.thread("writer", () -> {
            f.replace();
            f.replace();
        });
    }

    private static void upDown(Run run) {
        Fixture f = new Fixture();
        long open = f.domain.downRead(A);
        Resource seen = f.current;
        run.thread("completer", () -> {
            Fixture.use(seen);
            f.domain.upRead(B, open);
        });
        run.thread("writer", f::replace);
        run.atEnd(() -> check(f.domain.openSections() == 0, "sections are left"));
    }

    private static void forkBeforeEnd(Run run) {
        Fixture f = new Fixture().slots(A, B);
        run.thread("reader", () -> {
            long parent = f.domain.downRead(A);
            step("load");
            Resource seen = f.current;
            long child = f.domain.forkRead(B, parent);
            f.domain.upRead(A, parent);
            Fixture.use(seen);
            f.domain.upRead(A, child);
        });
        run.thread("writer", f::replace);
        run.atEnd(() -> check(f.domain.openSections() == 0, "sections are left"));
    }

    private static void forkAcrossFlip(Run run) {
        Fixture f = new Fixture().slots(A, B, C);
        long parent = f.domain.downRead(A);
        Resource seen = f.current;
        run.thread("reader", () -> {
            long child = f.domain.forkRead(B, parent);
            f.domain.upRead(B, parent);
            Fixture.use(seen);
            f.domain.upRead(C, child);
        });
        run.thread("writer", f::replace);
        run.atEnd(() -> check(f.domain.openSections() == 0, "sections are left"));
    }

    /** The second caller publishes while the first one's grace period runs. */
    private static void gpShare(Run run) {
        Fixture f = new Fixture();
        run.thread("reader", () -> f.read(A));
        run.thread("early", f.domain::synchronize);
        run.thread("late", f::replace);
    }

    private static void handOver(Run run) {
        Fixture f = new Fixture().slots(A);
        long[] cookie = new long[1];
        f.domain.startPoll();
        run.thread("one", f.domain::step);
        run.thread("other", () -> {
            cookie[0] = f.domain.startPoll();
            f.domain.step();
        });
        run.atEnd(() -> check(f.domain.poll(cookie[0]), "both went away, and nobody runs the grace period"));
    }

    private static void requestRace(Run run) {
        Fixture f = new Fixture();
        run.thread("one", f.domain::synchronize);
        run.thread("other", () -> {
            f.domain.synchronize();
            f.domain.synchronize();
        });
    }

    /** The reader's chunk appears under the scan. */
    private static void slotGrow(Run run) {
        Fixture f = new Fixture();
        run.thread("reader", () -> f.read(B));
        run.thread("writer", f::replace);
    }

    /** Two readers make room at once; the second one's chunk lies behind the first one's. */
    private static void slotsGrow(Run run) {
        Fixture f = new Fixture();
        for (int reader : new int[] {B, C}) {
            run.thread("reader " + reader, () -> {
                f.domain.upRead(reader, f.domain.downRead(reader));
                f.domain.upRead(reader, f.domain.downRead(reader));
            });
        }
        run.atEnd(() -> nothingOpen(f));
    }

    private static void nothingOpen(Fixture f) {
        check(f.domain.openSections() == 0, "counts are lost: " + f.domain.openSections());
        f.domain.startPoll();
        check(f.domain.step(), "a grace period is held by nobody");
    }

    /** N's slot appears under the scan and its section ends on a slot that the scan has not passed. */
    private static void slotRegister(Run run) {
        Fixture f = new Fixture().slots(A, B);
        long open = f.domain.downRead(B);
        Resource seen = f.current;
        run.thread("P", () -> {
            Fixture.use(seen);
            f.domain.upRead(B, open);
        });
        run.thread("N", () -> f.domain.upRead(A, f.domain.downRead(C)));
        run.thread("writer", f::replace);
    }

    private static void slotRecycle(Run run) {
        Fixture f = new Fixture().slots(A);
        ReaderIndex gone = ReaderIndex.acquire();
        long open = f.domain.downRead(gone.value());
        Resource seen = f.current;
        run.thread("heir", () -> {
            gone.close();
            try (ReaderIndex heir = ReaderIndex.acquire()) {
                f.domain.upRead(heir.value(), f.domain.downRead(heir.value()));
            }
        });
        run.thread("completer", () -> {
            Fixture.use(seen);
            f.domain.upRead(A, open);
        });
        run.thread("writer", f::replace);
        run.atEnd(() -> check(f.domain.openSections() == 0, "counts are lost"));
    }

    private static void guestFree(Run run) {
        Fixture f = new Fixture();
        run.thread("guest", f::readAsGuest);
        run.thread("writer", f::replace);
    }

    private static void guestStripe(Run run) {
        Fixture f = new Fixture();
        for (String name : List.of("guest", "other")) {
            run.thread(name, () -> {
                f.readAsGuest();
                f.domain.upRead(f.domain.downRead());
            });
        }
        run.atEnd(() -> nothingOpen(f));
    }

    private static void pollCookie(Run run) {
        Fixture f = new Fixture().slots(A, B);
        run.thread("reader", () -> f.read(A));
        run.thread("writer", () -> {
            Resource old = f.publish();
            long cookie = f.domain.startPoll();
            run.await("the grace period", () -> {
                f.domain.step();
                return f.domain.poll(cookie);
            });
            old.closed = true;
        });
    }

    /** Some section is open at any time, but none for long. */
    private static void newReaders(Run run) {
        Fixture f = new Fixture();
        boolean[] done = new boolean[1];
        run.thread("reader", () -> {
            long[] open = {f.domain.downRead(A)};
            run.await("the writer", () -> {
                long next = f.domain.downRead(A);
                f.domain.upRead(A, open[0]);
                open[0] = next;
                return done[0];
            });
            f.domain.upRead(A, open[0]);
        });
        run.thread("writer", () -> {
            f.replace();
            done[0] = true;
        });
    }

    private static void close(Run run) {
        Fixture f = new Fixture().slots(A);
        long open = f.domain.downRead(A);
        run.thread("completer", () -> {
            Fixture.use(f.current);
            f.domain.upRead(A, open);
        });
        run.thread("other", f.domain::synchronize);
        run.thread("closer", () -> {
            check(f.domain.close(LONG), "the wait for open sections was given up");
            f.current.closed = true;
            boolean refused = false;
            try {
                f.domain.downRead(B);
            } catch (IllegalStateException e) {
                refused = true;
            }
            check(refused, "a section began after the close");
        });
        run.atEnd(() -> check(f.domain.isClosed(), "the domain is open again"));
    }
}
