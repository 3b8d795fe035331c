// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rcublk.annotation.AnyThread;
import org.rcublk.rcu.Mutants;

/** A hand-over of a virtqueue that is under way: see {@link Virtqueue#moveTo}. */
final class QueueMove {
    static final boolean KEEPS_RUNNING = Mutants.on("io-move-keeps-running");
    static final boolean LOSES_RELEASE = Mutants.on("io-move-loses-release");

    private final IoThread target;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @AnyThread
    QueueMove(IoThread target) {
        this.target = target;
    }

    @AnyThread
    IoThread target() {
        return target;
    }

    @AnyThread
    CompletionStage<Boolean> done() {
        return done.minimalCompletionStage();
    }

    /** Whether it has been decided how it ends. */
    @AnyThread
    boolean over() {
        return over.get();
    }

    /** The first call decides. Completed off the IOThread: what depends on it is not ours, and may block. */
    @AnyThread
    void end(boolean moved) {
        if (over.compareAndSet(false, true)) {
            done.completeAsync(() -> moved);
        }
    }

    /** Has the hand-over given up unless it is over by then; its end cancels the timer. */
    @AnyThread
    void after(Duration patience, @AnyThread Runnable giveUp) {
        CompletableFuture<Boolean> _ = done.copy()
                .orTimeout(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS)
                .whenComplete((moved, late) -> {
                    if (late != null) {
                        giveUp.run();
                    }
                });
    }
}
