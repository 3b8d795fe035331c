// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rcublk.callgraph.CallGraph;
import org.rcublk.callgraph.CallGraphException;
import org.rcublk.callgraph.CallPath;
import org.rcublk.callgraph.Cuts;

/**
 * What the call graph says of seeds: of each alone, so that none answers another's calls. Of the project's classes the
 * rules are known, and what they call is not looked at.
 */
final class SeedPaths {
    /** A path from a rule to what the rule forbids. */
    record Found(CallPath path) {
        /** Whether it goes from one to the other, each a method's or field's name with its class. */
        boolean leads(String start, String end) {
            return ends(path.start().name(), start) && ends(path.end().name(), end);
        }

        private static boolean ends(String name, String end) {
            return ("." + name).endsWith("." + end);
        }

        @Override
        public String toString() {
            return "\n" + Ways.text(path);
        }
    }

    private SeedPaths() {}

    static Map<String, List<Found>> of(List<Seed> seeds, SeedClasses classes) throws IOException, CallGraphException {
        Map<String, List<Found>> all = new HashMap<>();
        for (Seed seed : seeds) {
            all.put(seed.toString(), of(classes.of(seed)));
        }
        return all;
    }

    private static List<Found> of(Path own) throws CallGraphException {
        List<Path> paths = new ArrayList<>();
        paths.add(own);
        paths.addAll(Project.classes());
        CallGraph graph = CallGraph.read(paths, List.of("seed"));
        List<Found> found = new ArrayList<>();
        for (ThreadingRule rule : ThreadingRule.values()) {
            rule.broken(graph, Cuts.NONE).forEach(path -> found.add(new Found(path)));
        }
        return found;
    }
}
