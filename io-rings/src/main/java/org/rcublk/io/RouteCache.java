// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.graph.Route;
import org.rcublk.graph.Version;

/**
 * One virtqueue's memory of its root's route in the version that it saw last, so that a request costs one comparison
 * rather than a map look-up. It holds the version's number, not the version: an idle queue keeps no version alive.
 * Confined to the queue's IOThread.
 */
@IoThreadOnly
final class RouteCache {
    private final Device device;

    @ConfinedTo("the queue's IOThread")
    private long number = -1;

    @ConfinedTo("the queue's IOThread")
    private @Nullable Route<PlanNode> route;

    @AnyThread
    RouteCache(Device device) {
        this.device = device;
    }

    @Nullable
    Route<PlanNode> route(Version<PlanNode> version) {
        if (version.number() != number) {
            Route<PlanNode> found = version.route(device.id());
            // Another device may have come under the same name: its requests are counted in its own domain, not here.
            route = found != null && found.root().state().equals(device) ? found : null;
            number = version.number();
        }
        return route;
    }
}
