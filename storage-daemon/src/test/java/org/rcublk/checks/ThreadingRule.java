// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.util.ArrayList;
import java.util.List;
import org.rcublk.callgraph.CallGraph;
import org.rcublk.callgraph.CallGraphException;
import org.rcublk.callgraph.CallPath;
import org.rcublk.callgraph.Cuts;
import org.rcublk.callgraph.Edge;
import org.rcublk.callgraph.Node;
import org.rcublk.callgraph.Search;
import org.rcublk.callgraph.Selector;

/** What may not be reached from methods of a rule, through methods of which nobody says anything. */
enum ThreadingRule {
    IO_NEVER_BLOCKS(
            "no way leads from an IOThread's methods to what waits, blocks, or is the control path's",
            "@IoThreadOnly",
            "@WaitsForGracePeriod @GlobalState blocking"),
    ANY_NEVER_BLOCKS(
            "no way leads from methods for any thread to what waits, blocks, or is the control path's",
            "@AnyThread",
            "@WaitsForGracePeriod @GlobalState blocking"),
    CONFINED_FIELDS(
            "no way leads from methods that other threads run to a confined field",
            "@AnyThread @GlobalState @WaitsForGracePeriod",
            "@ConfinedTo"),
    IO_ALONE(
            "no way leads from methods that other threads run to an IOThread's",
            "@AnyThread @GlobalState @WaitsForGracePeriod",
            "@IoThreadOnly");

    /** A way ends at the next method that has a rule: that one answers for itself what it calls. */
    private static final String RULES = "@IoThreadOnly @AnyThread @GlobalState @WaitsForGracePeriod";

    private final String words;
    private final String from;
    private final String to;

    ThreadingRule(String words, String from, String to) {
        this.words = words;
        this.from = from;
        this.to = to;
    }

    /** The shortest way to each node that is forbidden, the shortest first. */
    List<CallPath> broken(CallGraph graph, Cuts cuts) throws CallGraphException {
        // Nobody else sees an object yet while it is made.
        List<Selector> made = selectors(this == CONFINED_FIELDS ? ".*\\.<(cl)?init>" : "");
        List<Selector> stops = selectors(RULES);
        stops.addAll(made);
        Search search = new Search(cuts, stops, Integer.MAX_VALUE);
        List<CallPath> found = new ArrayList<>();
        for (String label : words(from)) {
            List<Node> starts = graph.nodes().stream()
                    .filter(node ->
                            node.kind() == Node.Kind.METHOD && node.labels().contains(label))
                    .filter(node -> made.stream().noneMatch(initializer -> initializer.test(node)))
                    .toList();
            for (Selector target : selectors(to)) {
                search.paths(starts, target).stream()
                        .filter(path -> !path.edges().isEmpty()
                                && !givenAway(path.edges().getLast()))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** A library was given a function that says itself who runs it: the library is trusted to keep to that. */
    private static boolean givenAway(Edge last) {
        return last.kind() == Edge.Kind.PASSED && last.to().ruleOrigin() == Node.RuleOrigin.PARAMETER;
    }

    private static List<Selector> selectors(String labels) throws CallGraphException {
        List<Selector> selectors = new ArrayList<>();
        for (String label : words(labels)) {
            selectors.add(Selector.of(label));
        }
        return selectors;
    }

    private static List<String> words(String labels) {
        return labels.isEmpty() ? List.of() : List.of(labels.split(" ", -1));
    }

    @Override
    public String toString() {
        return words;
    }
}
