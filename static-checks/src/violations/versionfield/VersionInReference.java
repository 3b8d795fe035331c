// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: nobody keeps a version
// hiding: generics
// layer: compile VersionInField
package seed.versionfield;

import java.util.concurrent.atomic.AtomicReference;
import org.rcublk.graph.Version;

final class VersionInReference<P> {
    private final AtomicReference<Version<P>> last = new AtomicReference<>(); // HERE

    void seen(Version<P> version) {
        last.set(version);
    }
}
