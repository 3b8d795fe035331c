// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: nobody keeps a version
// hiding: generics
// layer: none
package seed.clean;

import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.Version;
import org.rcublk.io.PlanNode;

/** A version in a local variable; what is kept is its number. */
final class VersionInPassing {
    private final LiveGraph<PlanNode> live;
    private long seen;

    VersionInPassing(LiveGraph<PlanNode> live) {
        this.live = live;
    }

    BlockGraph look() {
        Version<PlanNode> version = live.current();
        seen = Math.max(seen, version.number());
        return version.graph();
    }
}
