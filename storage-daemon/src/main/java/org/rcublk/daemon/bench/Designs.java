// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.rcublk.graph.LiveGraph;
import org.rcublk.io.Admission;
import org.rcublk.io.AdmissionProvider;
import org.rcublk.io.PlanCompiler;
import org.rcublk.io.RcuAdmission;

/** The designs that can be measured: ours, and what the class path brings along. */
final class Designs {
    static final String OURS = "rcu";

    private Designs() {}

    static RcuAdmission rcu() {
        return new RcuAdmission(new LiveGraph<>(new PlanCompiler()));
    }

    /** An admission of a design with an empty graph, or null if there is no such design. */
    static @Nullable Admission find(String design) {
        if (design.equals(OURS)) {
            return rcu();
        }
        for (AdmissionProvider provider : ServiceLoader.load(AdmissionProvider.class)) {
            if (provider.design().equals(design)) {
                return provider.create();
            }
        }
        return null;
    }

    static List<String> names() {
        List<String> names = new ArrayList<>(List.of(OURS));
        ServiceLoader.load(AdmissionProvider.class).forEach(provider -> names.add(provider.design()));
        return names;
    }
}
