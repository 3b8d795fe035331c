// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.rcublk.checks.HandOverMethods.Entry;

class HandOverMethodsTest {
    private final HandOverMethods known = HandOverMethods.known();

    @Test
    void namesMethodsOfTheOwnerAlone() {
        assertTrue(known.handsOver("java/util/concurrent/Executor", "execute"));
        assertFalse(known.handsOver("java/util/concurrent/ThreadPoolExecutor", "execute"), "the caller's business");
        assertTrue(known.handsOver("java/lang/Thread", "<init>"));
        assertFalse(known.handsOver("java/lang/Thread", "onSpinWait"));
        assertTrue(known.handsOver("java/lang/Thread$Builder", "start"), "a * is every method");
        assertFalse(known.handsOver("java/util/Map", "computeIfAbsent"));
    }

    /** A misspelt line would silently never match, and one that stands twice would have two reasons. */
    @Test
    void everyLineNamesAMethodOfTheJdkOnce() throws Exception {
        Set<String> seen = new HashSet<>();
        for (Entry entry : known.entries()) {
            Class<?> owner = Class.forName(entry.owner().replace('/', '.'));
            boolean found = entry.method().equals("*")
                    || (entry.method().equals("<init>") && owner.getDeclaredConstructors().length > 0)
                    || Arrays.stream(owner.getDeclaredMethods())
                            .anyMatch(method -> method.getName().equals(entry.method()));
            assertTrue(found, () -> entry + " names nothing");
            assertTrue(seen.add(entry.owner() + "#" + entry.method()), () -> entry + " stands twice");
            assertFalse(entry.reason().isEmpty());
        }
    }

    @Test
    void everyStageThatTakesAFunctionIsThere() {
        Arrays.stream(CompletionStage.class.getMethods())
                .filter(method -> method.getParameterCount() > 0)
                .forEach(method -> assertTrue(
                        known.handsOver("java/util/concurrent/CompletionStage", method.getName()), method::toString));
    }

    @Test
    void refusesOtherFormsAndWantsAReason() {
        for (String line : List.of("a/B", "a/B#c", "a/B : why", "a/B# : why", "a/B#c :")) {
            assertThrows(IllegalArgumentException.class, () -> HandOverMethods.parse(List.of(line)), line);
        }
        assertEquals(
                List.of(new Entry("a/B", "c", "why")),
                HandOverMethods.parse(List.of("# a", "", "a/B#c : why")).entries());
    }
}
