// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.graph.InFlight;

/** Looks at the requests of a virtqueue from another thread, racily: what it says may be a moment late. */
@AnyThread
final class RequestReport {
    private RequestReport() {}

    static @Nullable InFlight oldest(String root, Request[] requests) {
        Request oldest = null;
        for (Request request : requests) {
            if (request.state == Request.RUNNING && (oldest == null || request.startNanos - oldest.startNanos < 0)) {
                oldest = request;
            }
        }
        return oldest == null ? null : describe(root, oldest);
    }

    static List<InFlight> all(String root, Request[] requests) {
        return Arrays.stream(requests)
                .filter(request -> request.state == Request.RUNNING)
                .map(request -> describe(root, request))
                .toList();
    }

    private static InFlight describe(String root, Request request) {
        PlanNode at = request.at;
        IoThread thread = request.thread();
        return new InFlight(
                thread.ended() ? thread.name() + ", which has ended" : thread.name(),
                root,
                at == null ? "(root)" : at.name(),
                request.op.name().toLowerCase(Locale.ROOT),
                System.nanoTime() - request.startNanos,
                request.offset,
                request.length,
                request.site);
    }
}
