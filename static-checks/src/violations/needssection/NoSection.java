// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: what a section pins is touched inside one
// hiding: direct
// layer: compile ReadSectionRequired
package seed.needssection;

import java.nio.ByteBuffer;
import org.rcublk.annotation.RequiresReadSection;

final class NoSection {
    private final ByteBuffer mapping = ByteBuffer.allocate(8);

    @RequiresReadSection
    long first() {
        return mapping.getLong(0);
    }

    long look() {
        return first(); // HERE
    }
}
