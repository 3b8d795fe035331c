// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.VolatileLoad;

public final class LiveGraph<P> {
    @VolatileLoad
    private volatile Version<P> current;

    public LiveGraph(Version<P> first) {
        this.current = first;
    }

    public Version<P> current() {
        return current;
    }
}
