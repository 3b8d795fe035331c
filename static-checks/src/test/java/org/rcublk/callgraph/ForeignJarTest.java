// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Some 2000 classes of somebody else's, in every style there is: loops of calls, long chains, thousands of functions. */
class ForeignJarTest {
    private static final int PATIENCE_SECONDS = 60;

    @Test
    @Timeout(value = PATIENCE_SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void guavaIsReadWhole() throws Exception {
        Path jar = Path.of(ImmutableList.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        CallGraph graph = CallGraph.read(List.of(jar), List.of());
        assertTrue(graph.classes() > 1000, () -> graph.classes() + " classes");
        assertEquals(
                1,
                Search.ALL
                        .paths(Selector.of("Iterators.size").in(graph), Selector.of("Ints.saturatedCast"))
                        .size());
    }
}
