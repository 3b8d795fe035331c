// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.GlobalState;

/**
 * Calls of a file channel from a thread that may be interrupted: an interrupt would close the channel, under every request
 * of the disk. They are made on a virtual thread that nobody knows, and waited for; the interrupt flag is kept.
 */
@GlobalState
final class Uninterrupted {
    private Uninterrupted() {}

    /** What is called. */
    @FunctionalInterface
    interface Call {
        void run() throws IOException;
    }

    /** Returns when the call has, and throws what it threw. */
    static void run(Call call) throws IOException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().name("rcublk-file").start(() -> {
            try {
                call.run();
                done.complete(null);
            } catch (IOException | RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    done.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw failure(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case null, default -> throw new IllegalStateException(cause);
        };
    }
}
