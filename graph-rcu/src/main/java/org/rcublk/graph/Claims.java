// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.rcublk.annotation.GlobalState;

/**
 * The identities that one change has claimed. Claiming twice is harmless, so each candidate of the change claims its
 * own; what was claimed and not published is given back. Confined to one thread.
 */
@GlobalState
final class Claims {
    private final Set<NodeState> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<RootState> roots = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Claims what is new in a candidate (guarantee C: nothing that was ever published is claimed again). */
    void claim(Candidate candidate) {
        Set<NodeState> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (BlockNode node : candidate.added()) {
            boolean mine = nodes.contains(node.state()) || node.state().claim();
            if (mine) {
                nodes.add(node.state());
            }
            if (!mine || !seen.add(node.state())) {
                throw new GraphException("node '" + node.name() + "' has a state that is or was part of a graph: open"
                        + " the node anew for a state of its own");
            }
        }
        for (GraphRoot root : candidate.attached()) {
            if (!roots.contains(root.state()) && !root.state().claim()) {
                throw new GraphException(
                        "root '" + root.id() + "' has a state that is or was attached: make a new one");
            }
            roots.add(root.state());
        }
    }

    /** What the published candidate has is the graph's from now on; the rest is given back. */
    void published(Candidate candidate) {
        candidate.added().forEach(n -> nodes.remove(n.state()));
        candidate.attached().forEach(r -> roots.remove(r.state()));
        undo();
    }

    /** Gives back what was claimed. */
    void undo() {
        nodes.forEach(NodeState::unclaim);
        roots.forEach(RootState::unclaim);
        nodes.clear();
        roots.clear();
    }
}
