// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: lambda
// layer: compile BlockingOnIoThread
package seed.blocking;

import java.util.concurrent.CompletableFuture;
import org.rcublk.annotation.IoThreadOnly;

final class FutureInLambda {
    private final CompletableFuture<String> reply = new CompletableFuture<>();
    private volatile String name = "";

    void onIo(@IoThreadOnly Runnable task) {
        task.run();
    }

    void start() {
        onIo(() -> {
            name = reply.join(); // HERE
        });
    }
}
