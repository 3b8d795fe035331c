// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: what a section pins is touched inside one
// hiding: lambda
// layer: compile ReadSectionRequired
package seed.needssection;

import java.util.function.LongSupplier;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReadSection;

/** Whoever runs the lambda does so after the section. */
final class NeedInLambda {
    private final ReadDomain domain = new ReadDomain("seed");
    private volatile long value;

    @RequiresReadSection
    long first() {
        return value;
    }

    LongSupplier look() {
        try (ReadSection section = domain.read()) {
            return () -> first(); // HERE
        }
    }
}
