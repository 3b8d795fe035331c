// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final int DEPTH = 30;

    private int looks;

    @Test
    void looksAtEachOnce() {
        Answers<Integer> answers = new Answers<>((each, all) -> look(each, all, true));
        assertTrue(answers.of(DEPTH));
        assertTrue(answers.of(DEPTH - 1));
        assertEquals(DEPTH + 1, looks);
    }

    @Test
    void looksOnceAtWhatIsAboveACycle() {
        Answers<Integer> answers = new Answers<>((each, all) -> look(each, all, all.of(DEPTH / 2)));
        assertFalse(answers.of(DEPTH));
        assertFalse(answers.of(0));
        assertEquals(DEPTH + 1, looks);
    }

    /** Each leads to the one below twice, as a method that calls a helper on both branches. */
    private boolean look(int each, Answers<Integer> all, boolean atEnd) {
        looks++;
        boolean once = each == 0 ? atEnd : all.of(each - 1);
        return each == 0 ? atEnd : all.of(each - 1) && once;
    }

    @Test
    void doesNotDependOnWhatIsAskedFirst() {
        Map<String, List<String>> leads = Map.of(
                "leaf", List.of(),
                "even", List.of("leaf", "odd"),
                "odd", List.of("leaf", "even"),
                "above", List.of("leaf", "odd"),
                "beside", List.of("leaf"),
                "self", List.of("self"),
                "reaches", List.of("beside", "bad"));
        Map<String, Boolean> expected = Map.of(
                "leaf", true, "even", false, "odd", false, "above", false, "beside", true, "self", false, "reaches",
                false);
        for (String first : expected.keySet()) {
            Answers<String> answers = new Answers<>((each, all) ->
                    leads.containsKey(each) && leads.get(each).stream().allMatch(all::of));
            assertEquals(expected.get(first), answers.of(first), first + " first");
            expected.forEach((each, answer) -> assertEquals(answer, answers.of(each), each + " after " + first));
        }
    }
}
