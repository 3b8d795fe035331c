// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.ordering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The access modes are those that the algorithm needs, also where x86 would forgive a weaker one. */
class AccessModesTest {
    @Test
    void everyAccessHasItsMode() {
        assertEquals(List.of(), AccessModes.findings((type, code) -> code));
    }

    @Test
    void everyWeakerModeIsFound() {
        for (String name : WeakerModes.names()) {
            assertFalse(AccessModes.findings(WeakerModes.edit(name)).isEmpty(), name);
        }
    }
}
