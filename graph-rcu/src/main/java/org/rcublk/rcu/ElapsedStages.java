// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.LongPredicate;
import org.rcublk.annotation.AnyThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stages that complete when a grace period has elapsed. They are completed on the executor, apart from deferred
 * releases, so that a release that hangs holds none of them up.
 *
 * <p>No wake-up is lost: a stage is added first, then whoever added it looks whether its grace period has elapsed
 * meanwhile; whoever ends a grace period looks at the stages after that. Of two threads that both find a stage due, the
 * second completes nothing.
 */
@AnyThread
final class ElapsedStages {
    private static final Logger LOG = LoggerFactory.getLogger(ElapsedStages.class);

    private record Stage(long cookie, CompletableFuture<Void> future) {}

    private final String domain;
    private final Executor executor;
    private final LongPredicate elapsed;
    private final Queue<Stage> stages = new ConcurrentLinkedQueue<>();
    private volatile boolean refusing;

    ElapsedStages(String domain, Executor executor, LongPredicate elapsed) {
        this.domain = domain;
        this.executor = executor;
        this.elapsed = elapsed;
    }

    CompletableFuture<Void> add(long cookie) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        stages.add(new Stage(cookie, future));
        return future;
    }

    /**
     * Has the stages completed whose grace period has elapsed, each by a task of its own, so that what depends on one
     * delays no other. Never completes one itself.
     *
     * @return true if the executor refused one: somebody has to try again
     */
    boolean kick() {
        if (Steps.ENABLED) {
            Steps.reach("rcu.stages");
        }
        if (stages.isEmpty()) {
            return false;
        }
        List<Stage> due = new ArrayList<>();
        for (Stage stage : stages) {
            if (elapsed.test(stage.cookie)) {
                due.add(stage);
            }
        }
        boolean refused = false;
        for (Stage stage : due) {
            refused |= !complete(stage);
        }
        return refused;
    }

    /** A stage is taken out once its task was accepted; of two threads that submit it, the second completes nothing. */
    private boolean complete(Stage stage) {
        try {
            executor.execute(() -> stage.future.complete(null));
            stages.remove(stage);
            refusing = false;
            return true;
        } catch (RuntimeException | Error refused) {
            if (!refusing) { // once a streak: it is tried again every millisecond
                refusing = true;
                SafeLog.error(
                        LOG, "domain {}: its executor refused to complete a stage; it is tried again", domain, refused);
            }
            return false;
        }
    }
}
