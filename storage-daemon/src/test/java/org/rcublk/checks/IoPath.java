// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.rcublk.callgraph.CallGraph;
import org.rcublk.callgraph.CallGraphException;
import org.rcublk.callgraph.CallPath;
import org.rcublk.callgraph.Cuts;
import org.rcublk.callgraph.DutyCycle;
import org.rcublk.callgraph.Node;
import org.rcublk.callgraph.Search;
import org.rcublk.callgraph.Selector;

/** What an IOThread runs: from where it begins, and what it reaches. */
final class IoPath {
    /** What drivers and handlers implement, by their parameters: whoever does is part of the cycle. */
    private static final List<String> HOOKS = List.of(
            "submit(PlanNode, Request)",
            "resumed(PlanNode, Request)",
            "childCompleted(PlanNode, Request, Request)",
            "ready(SelectionKey)");

    /** One turn. */
    static final List<String> DUTY_CYCLE = with(HOOKS, "org\\.rcublk\\.io\\.IoThread\\.doWork");

    /** What is done for each request, from the producer's ring and back to it. */
    static final List<String> FAST_PATH = with(
            HOOKS,
            "org\\.rcublk\\.io\\.Virtqueue\\.(poll|submit|kick|notifyProducer|pollCompletions)",
            "org\\.rcublk\\.io\\.NioEngine\\.(submit|flush|poll)",
            "org\\.rcublk\\.io\\.IoThread\\.(deliverResume|finishChild)");

    /** For allocations: what a class allocates as it is first used is allocated once. */
    private static final String INITIALIZERS = ".*\\.<clinit> : a class is initialised once";

    private static final List<String> CONTROL = List.of("@GlobalState", "@WaitsForGracePeriod");

    private IoPath() {}

    private static List<String> with(List<String> hooks, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        hooks.forEach(hook -> all.add("org\\.rcublk\\..*\\." + hook));
        return List.copyOf(all);
    }

    /** The methods that a turn of the cycle runs, with how that is known of each. */
    static List<DutyCycle.Member> members(CallGraph graph, Cuts cuts) throws CallGraphException {
        return DutyCycle.inferred(starts(graph, DUTY_CYCLE), new Search(cuts, List.of(), Integer.MAX_VALUE));
    }

    /** A way to each place that allocates for a request, those left out that lead to the control path or to a throw. */
    static List<CallPath> allocations(CallGraph graph, List<String> cutLines, List<String> from)
            throws CallGraphException {
        List<String> lines = new ArrayList<>(cutLines);
        lines.add(INITIALIZERS);
        List<Selector> stops = new ArrayList<>();
        for (String label : CONTROL) {
            stops.add(Selector.of(label));
        }
        return new Search(Cuts.parse(lines, "cuts"), stops, Integer.MAX_VALUE)
                .allocations(starts(graph, from)).stream()
                        .filter(path -> !control(path.end()))
                        .toList();
    }

    /**
     * Whether a method has to say that it runs on an IOThread: those of the modules below that have a place to say it.
     * Lambdas, references and initializers have none; where they run is inferred.
     */
    static boolean wantsRule(Node node) {
        String name = node.name();
        return name.matches("org\\.rcublk\\.(rcu|graph|io|driver)\\..*")
                && !name.matches(".*\\.(lambda\\$[^.]*|<clinit>|[^.]*::[^.]*)");
    }

    static boolean control(Node node) {
        return CONTROL.stream().anyMatch(node.labels()::contains);
    }

    /** Each selector has to choose something: one that does not is about a method that is no more. */
    private static Set<Node> starts(CallGraph graph, List<String> selectors) throws CallGraphException {
        Set<Node> starts = new TreeSet<>();
        for (String selector : selectors) {
            Selector.of(selector).in(graph).stream()
                    .filter(node -> node.kind() == Node.Kind.METHOD)
                    .forEach(starts::add);
        }
        return starts;
    }
}
