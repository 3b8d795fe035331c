// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rcublk.callgraph.Answer;
import org.rcublk.callgraph.AnswerFormat;
import org.rcublk.callgraph.CallGraph;
import org.rcublk.callgraph.CallGraphException;
import org.rcublk.callgraph.CallPath;
import org.rcublk.callgraph.DutyCycle;
import org.rcublk.callgraph.Edge;
import org.rcublk.callgraph.Node;
import org.rcublk.callgraph.Search;
import org.rcublk.callgraph.Selector;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code rcublk callgraph}: asks about the calls of the whole program. Exit status: 0 answered, 1 if {@code --fail} was given and
 * something found, 2 if the question is wrong or cannot be answered.
 */
@Command(
        name = "callgraph",
        description = {
            "Answers questions about the calls of the whole program, from its class files.",
            "FROM, TO and METHOD are labels (@IoThreadOnly, blocking, allocation) or regular expressions for Class.method."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false)
final class CallGraphCommand implements Runnable {
    private static final String JARS = "jars and class folders to read (default: rcublk's own)";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    /** For picocli. */
    CallGraphCommand() {}

    /** Alone it does nothing: it wants a question. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing subcommand");
    }

    /** A question, asked of a graph that is read. */
    private interface Question {
        Answer answer(CallGraph graph) throws CallGraphException;
    }

    @Command(
            name = "paths",
            mixinStandardHelpOptions = true,
            description = "Finds the shortest ways by which FROM calls TO.",
            sortOptions = false)
    int paths(
            @Parameters(index = "0", paramLabel = "FROM", description = "where the ways begin") String from,
            @Parameters(index = "1", paramLabel = "TO", description = "where they end") String to,
            @Parameters(index = "2..*", arity = "0..*", paramLabel = "JAR", description = JARS) @Nullable
                    List<Path> jars,
            @Option(names = "--all-pairs", description = "a way for each pair, not for each end only") boolean pairs,
            @Option(names = "--fail", description = "exit with 1 if a way is found") boolean fail,
            @Mixin CallGraphOptions options) {
        return ask(options, jars, fail, graph -> {
            Selector end = Selector.of(to);
            end.requireMeaning(graph);
            List<Node> starts = starts(from, graph, options);
            Search search = options.search(graph, Integer.MAX_VALUE);
            List<CallPath> found = pairs ? search.allPairs(starts, end) : search.paths(starts, end);
            return paths("paths from " + from + " to " + to, found, options);
        });
    }

    @Command(
            name = "allocations",
            mixinStandardHelpOptions = true,
            description = "Finds what FROM allocates, itself or by calls.",
            sortOptions = false)
    int allocations(
            @Parameters(index = "0", paramLabel = "FROM", description = "where the ways begin") String from,
            @Parameters(index = "1..*", arity = "0..*", paramLabel = "JAR", description = JARS) @Nullable
                    List<Path> jars,
            @Option(names = "--fail", description = "exit with 1 if there is one") boolean fail,
            @Mixin CallGraphOptions options) {
        return ask(options, jars, fail, graph -> {
            List<Node> starts = starts(from, graph, options);
            List<CallPath> found = options.search(graph, Integer.MAX_VALUE).allocations(starts);
            return paths("allocations from " + from, found, options);
        });
    }

    @Command(
            name = "callers",
            mixinStandardHelpOptions = true,
            description = "Lists who calls METHOD, or accesses that field.",
            sortOptions = false)
    int callers(
            @Parameters(index = "0", paramLabel = "METHOD", description = "what is called") String method,
            @Parameters(index = "1..*", arity = "0..*", paramLabel = "JAR", description = JARS) @Nullable
                    List<Path> jars,
            @Mixin CallGraphOptions options) {
        return ask(options, jars, false, graph -> {
            List<Node> nodes = Selector.of(method).in(graph);
            Predicate<Node> labelled = options.labelled(graph);
            List<Edge> found = options.search(graph, 1).callers(nodes).stream()
                    .filter(edge -> labelled.test(edge.from()))
                    .toList();
            return calls("callers of " + method, found, options);
        });
    }

    @Command(
            name = "callees",
            mixinStandardHelpOptions = true,
            description = "Lists what METHOD calls and accesses.",
            sortOptions = false)
    int callees(
            @Parameters(index = "0", paramLabel = "METHOD", description = "what calls") String method,
            @Parameters(index = "1..*", arity = "0..*", paramLabel = "JAR", description = JARS) @Nullable
                    List<Path> jars,
            @Mixin CallGraphOptions options) {
        return ask(options, jars, false, graph -> {
            List<Node> nodes = Selector.of(method).in(graph);
            Predicate<Node> labelled = options.labelled(graph);
            List<Edge> found = options.search(graph, 1).callees(nodes).stream()
                    .filter(edge -> labelled.test(edge.to()))
                    .toList();
            return calls("calls of " + method, found, options);
        });
    }

    @Command(
            name = "members",
            mixinStandardHelpOptions = true,
            description =
                    "Lists what FROM runs without crossing into the control path, and how each method is known to.",
            sortOptions = false)
    int members(
            @Parameters(index = "0", paramLabel = "FROM", description = "where the duty cycle begins") String from,
            @Parameters(index = "1..*", arity = "0..*", paramLabel = "JAR", description = JARS) @Nullable
                    List<Path> jars,
            @Option(names = "--unannotated", description = "only those that have no rule of their own")
                    boolean unannotated,
            @Option(names = "--fail", description = "exit with 1 if there is one") boolean fail,
            @Mixin CallGraphOptions options) {
        return ask(options, jars, fail, graph -> {
            List<Node> starts = Selector.of(from).in(graph);
            Predicate<Node> labelled = options.labelled(graph);
            List<DutyCycle.Member> found = DutyCycle.inferred(starts, options.search(graph, Integer.MAX_VALUE)).stream()
                    .filter(member -> !unannotated || member.known() == DutyCycle.Known.INFERRED)
                    .filter(member -> labelled.test(member.method()))
                    .toList();
            int shown = Math.min(found.size(), options.limit());
            return new Answer.Members("methods that " + from + " runs", found.subList(0, shown), found.size() - shown);
        });
    }

    private static List<Node> starts(String from, CallGraph graph, CallGraphOptions options) throws CallGraphException {
        Predicate<Node> labelled = options.labelled(graph);
        return Selector.of(from).in(graph).stream().filter(labelled).toList();
    }

    private static Answer paths(String question, List<CallPath> found, CallGraphOptions options) {
        int shown = Math.min(found.size(), options.limit());
        return new Answer.Paths(question, found.subList(0, shown), found.size() - shown);
    }

    private static Answer calls(String question, List<Edge> found, CallGraphOptions options) {
        int shown = Math.min(found.size(), options.limit());
        return new Answer.Calls(question, found.subList(0, shown), found.size() - shown);
    }

    private int ask(CallGraphOptions options, @Nullable List<Path> jars, boolean fail, Question question) {
        try {
            AnswerFormat format = options.format();
            Answer answer = question.answer(options.graph(jars));
            PrintWriter out = spec.commandLine().getOut();
            out.print(format.write(answer));
            out.flush();
            return fail && answer.size() > 0 ? ExitCode.SOFTWARE : ExitCode.OK;
        } catch (CallGraphException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("rcublk callgraph: " + e.getMessage());
            err.flush();
            return ExitCode.USAGE;
        }
    }
}
