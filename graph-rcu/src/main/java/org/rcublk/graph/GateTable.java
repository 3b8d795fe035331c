// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.HashMap;
import io.vavr.collection.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * Which nodes are gated and by whom: a persistent multiset of owners on names of nodes. Immutable; part of a version, so
 * that gates are placed and taken off in the same compare-and-set as everything else (guarantees A and F).
 */
@AnyThread
final class GateTable {
    static final GateTable NONE = new GateTable(HashMap.empty());

    private final HashMap<String, HashMap<GateOwner, Integer>> gates;

    private GateTable(HashMap<String, HashMap<GateOwner, Integer>> gates) {
        this.gates = gates;
    }

    GateTable plus(GateOwner owner, Iterable<String> nodes) {
        HashMap<String, HashMap<GateOwner, Integer>> result = gates;
        for (String node : nodes) {
            HashMap<GateOwner, Integer> owners = result.getOrElse(node, HashMap.empty());
            result = result.put(node, owners.put(owner, owners.getOrElse(owner, 0) + 1));
        }
        return new GateTable(result);
    }

    GateTable minus(GateOwner owner, Iterable<String> nodes) {
        HashMap<String, HashMap<GateOwner, Integer>> result = gates;
        for (String node : nodes) {
            HashMap<GateOwner, Integer> owners = result.getOrElse(node, HashMap.empty());
            int count = owners.getOrElse(owner, 0);
            owners = count > 1 ? owners.put(owner, count - 1) : owners.remove(owner);
            result = owners.isEmpty() ? result.remove(node) : result.put(node, owners);
        }
        return new GateTable(result);
    }

    boolean isEmpty() {
        return gates.isEmpty();
    }

    boolean gated(String node) {
        return gates.containsKey(node);
    }

    boolean heldBy(String node, GateOwner owner) {
        return gates.getOrElse(node, HashMap.empty()).containsKey(owner);
    }

    Set<String> nodes() {
        return gates.keySet();
    }

    /** Whether one of the nodes is gated. Looks at the smaller of the two sets only. */
    boolean gatesAny(HashMap<String, NodeState> nodes) {
        return gates.size() < nodes.size()
                ? gates.keysIterator().exists(nodes::containsKey)
                : nodes.keysIterator().exists(gates::containsKey);
    }

    /** One of the nodes that somebody else gates, with the owner's description, or null. */
    @Nullable
    String foreign(Iterable<String> nodes, @Nullable GateOwner self) {
        for (String node : nodes) {
            for (GateOwner owner : gates.getOrElse(node, HashMap.empty()).keysIterator()) {
                if (!Identity.same(owner, self)) {
                    return "node '" + node + "' is gated by: " + owner.description();
                }
            }
        }
        return null;
    }

    /** As {@link #foreign}, for all that a root reaches. */
    @Nullable
    String foreignBelow(HashMap<String, NodeState> reach, @Nullable GateOwner self) {
        return gates.size() < reach.size()
                ? foreign(gates.keysIterator().filter(reach::containsKey), self)
                : foreign(reach.keysIterator(), self);
    }
}
