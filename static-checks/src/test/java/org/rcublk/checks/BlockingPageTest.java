// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rcublk.checks.BlockingMethods.Entry;

/** The table in the page says what the list says. */
class BlockingPageTest {
    @Test
    void everyLineIsInTheTable() throws IOException {
        List<String> page = Files.readAllLines(Path.of("../docs/checks/BlockingOnIoThread.md"));
        for (Entry entry : BlockingMethods.known().entries()) {
            String owner = "`" + entry.owner().replace('/', '.') + "`";
            String method = switch (entry.method()) {
                case "*" -> "all methods";
                case "<init>" -> entry.parameters().equals("*") ? "constructors" : "`new(";
                default -> "`" + entry.method();
            };
            assertTrue(
                    !entry.blocks()
                            || page.stream().anyMatch(line -> line.contains("| " + owner) && line.contains(method)),
                    () -> entry + " is not in the table");
        }
    }
}
