// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: nobody keeps a version
// hiding: direct
// layer: compile VersionInField
package seed.versionfield;

import org.rcublk.graph.Version;
import org.rcublk.io.PlanNode;

final class VersionKept {
    private Version<PlanNode> last; // HERE

    void seen(Version<PlanNode> version) {
        last = version;
    }

    long number() {
        return last.number();
    }
}
