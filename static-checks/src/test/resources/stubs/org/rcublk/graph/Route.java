// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

public final class Route<P> {
    private final P plan;

    public Route(P plan) {
        this.plan = plan;
    }

    public P plan() {
        return plan;
    }

    public boolean gated() {
        return false;
    }
}
