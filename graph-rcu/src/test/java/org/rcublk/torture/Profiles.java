// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.List;

/** All profiles. */
final class Profiles {
    private static final List<Profile.Kind> ALL = List.of(
            P1Saturate.KIND,
            P2Stalls.KIND,
            P3SlowScans.KIND,
            P4Faults.KIND,
            P5Churn.KIND,
            P6GateStorm.KIND,
            P7Flood.KIND,
            P8Hung.KIND);

    private Profiles() {}

    static List<Profile.Kind> all() {
        return ALL;
    }

    static Profile.Kind named(String name) {
        return ALL.stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no profile " + name));
    }
}
