// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void aHeadSaysWhatItsLayerFinds() {
        assertEquals("may block", head("layer: runtime", "error: may block").error());
        assertEquals("WrongThreadCall", head("layer: compile WrongThreadCall").check());
        assertEquals("A.a", head("layer: callgraph", "from: A.a", "to: B.b").from());
        assertEquals(Seed.Layer.NONE, head("layer: none").layer());
    }

    @Test
    void aHeadThatDoesNotIsRefused() {
        refused("error", "layer: runtime");
        refused("error", "layer: runtime", "error: ");
        refused("check", "layer: compile");
        refused("to", "layer: callgraph", "from: A.a");
        refused("layer");
    }

    private static void refused(String missing, String... lines) {
        String message =
                assertThrows(IllegalStateException.class, () -> head(lines)).getMessage();
        assertTrue(message.endsWith("Seed.java: the head says nothing of its " + missing), message);
    }

    private static Seed.Head head(String... lines) {
        List<String> all = new ArrayList<>(List.of("// rule: an IOThread never blocks", "// hiding: direct"));
        for (String line : lines) {
            all.add("// " + line);
        }
        all.add("package seed;");
        return Seeds.head("Seed.java", all);
    }
}
