// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rcublk.rcu.Mutants;

/** The deliberate faults are off unless somebody asks for them. */
class NegativeControlsTest {

    @Test
    void noFaultIsOnByDefault() throws Exception {
        assertEquals("", System.getProperty(Mutants.PROPERTY, ""), "the tests run with a fault switched on");
        List<String> faults = new ArrayList<>();
        for (Class<?> holder : List.of(Publisher.class, Transaction.class)) {
            for (Field field : holder.getDeclaredFields()) {
                if (field.getType() == boolean.class
                        && field.getName().equals(field.getName().toUpperCase(java.util.Locale.ROOT))) {
                    field.setAccessible(true);
                    assertFalse(field.getBoolean(null), field.getName());
                    faults.add(field.getName());
                }
            }
        }
        assertEquals(5, faults.size(), faults.toString());
    }
}
