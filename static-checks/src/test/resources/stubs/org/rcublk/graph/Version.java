// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

public final class Version<P> {
    private final long number;
    private final Route<P> route;

    public Version(long number, Route<P> route) {
        this.number = number;
        this.route = route;
    }

    public long number() {
        return number;
    }

    public Route<P> route(String rootId) {
        return route;
    }
}
