// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: nobody keeps a version
// hiding: nested class
// layer: compile VersionInField
package seed.versionfield;

import org.rcublk.graph.Version;
import org.rcublk.io.PlanNode;

final class VersionInRecord {
    record Seen(long atNanos, Version<PlanNode> version) {} // HERE

    Seen seen(Version<PlanNode> version) {
        return new Seen(System.nanoTime(), version);
    }
}
