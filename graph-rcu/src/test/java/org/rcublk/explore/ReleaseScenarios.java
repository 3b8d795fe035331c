// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import static org.rcublk.explore.Fixture.A;
import static org.rcublk.explore.Run.check;
import static org.rcublk.explore.Run.step;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.rcublk.explore.Fixture.Resource;
import org.rcublk.rcu.ReadDomain;

/** Releases, stages, barrier and driver: what is queued behind grace periods. The steps of a scan are passed over. */
final class ReleaseScenarios {
    /** The steps of a grace period, which the scenarios of sections explore. */
    private static final String[] PERIODS = {
        "rcu.table-read",
        "rcu.unlock-read",
        "rcu.lock-read",
        "rcu.scan",
        "rcu.before-flip",
        "rcu.advance",
        "rcu.request",
        "rcu.rank",
        "rcu.sequence",
        "rcu.sequence-read",
        "rcu.requested-read",
        "rcu.stepper-release",
        "rcu.stepper-released"
    };

    /** As well as these: the steps of the driver. */
    private static final String[] DRIVER = Stream.concat(
                    Stream.of(PERIODS),
                    Stream.of(
                            "rcu.step",
                            "rcu.drive",
                            "rcu.driver-told",
                            "rcu.driver-looks",
                            "rcu.driver-idle",
                            "rcu.driven-reset",
                            "rcu.driver-parks",
                            "rcu.stages"))
            .toArray(String[]::new);

    private ReleaseScenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.of(
                                "RetireOnce",
                                "S4, S12 (33)",
                                ReleaseScenarios::retireOnce,
                                "rcu-retire-twice",
                                "rcu-release-early")
                        .over(DRIVER),
                Scenario.of("RetireOrder", "S12", ReleaseScenarios::retireOrder, "rcu-two-runners", "rcu-lost-kick")
                        .over(DRIVER),
                Scenario.of("RetireThrows", "S12", ReleaseScenarios::retireThrows, "rcu-throw-kills-queue")
                        .over(DRIVER),
                Scenario.of(
                                "DriverDriven",
                                "no domain is lost",
                                ReleaseScenarios::driverDriven,
                                "rcu-driver-lost-domain",
                                "rcu-driver-no-second-look")
                        .over(PERIODS),
                Scenario.of("Barrier", "S12 (34)", ReleaseScenarios::barrier, "rcu-barrier-early")
                        .over(DRIVER),
                Scenario.of("BackPressure", "L6", ReleaseScenarios::backPressure, "rcu-flood-unbounded")
                        .over(
                                "rcu.r*",
                                "rcu.k*",
                                "rcu.s*",
                                "rcu.d*",
                                "rcu.unlock-read",
                                "rcu.lock-read",
                                "rcu.table-read",
                                "rcu.before-flip",
                                "rcu.advance"),
                Scenario.of("PendingCount", "counts", ReleaseScenarios::pendingCount, "rcu-pending-torn")
                        .over(DRIVER),
                Scenario.of("WhenElapsed", "no stage is lost", ReleaseScenarios::whenElapsed, "rcu-stage-lost")
                        .over(
                                "rcu.r*",
                                "rcu.k*",
                                "rcu.d*",
                                "rcu.sequence*",
                                "rcu.step*",
                                "rcu.scan",
                                "rcu.unlock-read",
                                "rcu.lock-read",
                                "rcu.table-read",
                                "rcu.before-flip",
                                "rcu.advance"),
                Scenario.of(
                                "Isolation",
                                "S11: A hung, C's release hung, B goes on",
                                ReleaseScenarios::isolation,
                                "rcu-driver-blocks",
                                "rcu-shared-callbacks",
                                "rcu-callback-on-driver")
                        .over("rcu.*")
                        .within(2));
    }

    private static ReadDomain domain(Run run) {
        run.driver();
        return new ReadDomain("d", run.lane("d"));
    }

    private static void retireOnce(Run run) {
        Fixture f = new Fixture(domain(run)).slots(A);
        int[] closes = new int[1];
        run.thread("reader", () -> f.read(A));
        run.thread("writer", () -> {
            Resource old = f.publish();
            f.domain.retire(() -> {
                closes[0]++;
                old.closed = true;
            });
            run.await("the release", () -> closes[0] > 0);
        });
        run.atEnd(() -> check(closes[0] == 1, "released " + closes[0] + " times"));
    }

    private static void retireOrder(Run run) {
        run.driver();
        Run.Lane one = run.lane("one");
        Run.Lane two = run.lane("two");
        int[] handed = new int[1];
        ReadDomain d = new ReadDomain("d", task -> (handed[0]++ % 2 == 0 ? one : two).execute(task));
        List<Integer> order = new ArrayList<>();
        run.thread("writer", () -> {
            for (int i = 0; i < 2; i++) {
                int number = i;
                d.retire(() -> {
                    step("release");
                    order.add(number);
                });
            }
            run.await("both", () -> order.size() >= 2);
        });
        run.atEnd(() -> check(order.equals(List.of(0, 1)), "order " + order));
    }

    private static void retireThrows(Run run) {
        ReadDomain d = domain(run);
        boolean[] released = new boolean[1];
        run.thread(
                "one",
                () -> d.retire(() -> {
                    throw new IllegalArgumentException("a release that fails");
                }));
        run.thread("other", () -> {
            d.retire(() -> released[0] = true);
            run.await("the release", () -> released[0]);
        });
    }

    /** Nobody but the driver steps; it parks when nothing is pending. */
    private static void driverDriven(Run run) {
        ReadDomain d = domain(run);
        for (String name : List.of("one", "other")) {
            run.thread(name, () -> {
                long cookie = d.startPoll();
                run.await("the grace period", () -> d.poll(cookie));
            });
        }
    }

    private static void barrier(Run run) {
        ReadDomain d = domain(run);
        boolean[] released = new boolean[1];
        run.thread("writer", () -> {
            d.retire(() -> {
                step("release");
                released[0] = true;
            });
            d.barrier();
            check(released[0], "not released after the barrier");
        });
        run.thread("other", d::barrier);
    }

    private static void backPressure(Run run) {
        run.driver();
        ReadDomain d = new ReadDomain("d", run.lane("d"), 1);
        int[] returned = new int[1];
        int[] most = new int[1];
        int[] released = new int[1];
        for (String name : List.of("one", "other")) {
            run.thread(name, () -> {
                for (int i = 0; i < (name.equals("one") ? 2 : 1); i++) {
                    d.retire(() -> released[0]++);
                    most[0] = Math.max(most[0], ++returned[0] - released[0]);
                }
            });
        }
        run.atEnd(() -> check(most[0] <= 2, most[0] + " pending, with a limit of 1 and two callers"));
    }

    private static void pendingCount(Run run) {
        ReadDomain d = domain(run);
        boolean[] released = new boolean[1];
        run.thread("writer", () -> {
            d.retire(() -> released[0] = true);
            run.await("the release", () -> released[0]);
        });
        run.thread("observer", () -> {
            step("look");
            check(d.pendingReleases() >= 0, "a negative count of pending releases");
        });
    }

    private static void whenElapsed(Run run) {
        ReadDomain d = domain(run);
        for (String name : List.of("one", "other")) {
            run.thread(name, () -> {
                CompletableFuture<Void> stage = d.whenElapsed(d.startPoll()).toCompletableFuture();
                run.await("the stage", stage::isDone);
            });
        }
    }

    private static void isolation(Run run) {
        run.driver();
        for (String lane : List.of("A", "B", "C", "all")) {
            run.lane(lane);
        }
        ReadDomain a = new ReadDomain("A");
        ReadDomain b = new ReadDomain("B");
        ReadDomain c = new ReadDomain("C");
        long hung = a.downRead(A);
        boolean[] done = new boolean[1];
        run.thread("A", () -> {
            a.startPoll();
            step("A asked");
            run.await("B", () -> done[0]);
            a.upRead(A, hung);
        });
        run.thread("C", () -> {
            c.retire(() -> run.await("B, in a release", () -> done[0]));
            step("C retired");
            run.await("C's release", () -> c.pendingReleases() == 0);
        });
        run.thread("B", () -> {
            boolean[] released = new boolean[1];
            step("B begins");
            b.synchronize();
            step("B synchronized");
            b.retire(() -> released[0] = true);
            run.await("B's release, by the driver", () -> released[0]);
            step("B released");
            b.barrier();
            CompletableFuture<Void> stage = b.whenElapsed(b.startPoll()).toCompletableFuture();
            run.await("B's stage", stage::isDone);
            step("B done");
            done[0] = true;
        });
    }
}
