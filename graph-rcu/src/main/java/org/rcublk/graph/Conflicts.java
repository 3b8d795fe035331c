// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashSet;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.rcu.Mutants;

/** Finds out whether another transaction's gates stand in the way of a change (guarantee F). */
@AnyThread
final class Conflicts {
    private static final boolean NO_CONFLICT = Mutants.on("graph-no-conflict");

    private Conflicts() {}

    /**
     * An obstacle in words, or null: somebody else gates one of the nodes, or a node under a root that reaches one of
     * them or is affected otherwise.
     *
     * @param self whose gates do not count, or null when all do
     */
    static @Nullable String find(
            Version<?> version, HashSet<String> nodes, HashSet<String> affected, @Nullable GateOwner self) {
        if (NO_CONFLICT) {
            return null;
        }
        GateTable gates = version.gates();
        String obstacle = gates.foreign(nodes, self);
        if (obstacle != null) {
            return obstacle;
        }
        for (String id : affected.addAll(version.graph().rootsAbove(nodes))) {
            Route<?> route = version.route(id);
            obstacle = route == null || !route.gated() ? null : gates.foreignBelow(route.reached(), self);
            if (obstacle != null) {
                return obstacle;
            }
        }
        return null;
    }
}
