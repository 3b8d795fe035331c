// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.statistics.Statistics;

/**
 * Random sequences of changes, alone and in lists, against {@link GraphModel}: the graph takes exactly the changes that the
 * model takes, leads to the same graph, and every version is sound. jqwik prints the seed and the shortest sequence that
 * fails; {@code @Property(seed = "…")} repeats it.
 */
class GraphPropertyTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int NODES = 9;
    private static final int ROOTS = 3;
    private static final List<String> NAMES = List.of(
            "add",
            "add",
            "add",
            "add",
            "remove",
            "attach",
            "attach",
            "detach",
            "insert filter",
            "drop filter",
            "append",
            "append",
            "replace",
            "set backing",
            "add child",
            "remove child",
            "drop chain",
            "reopen",
            "set grant",
            "freeze",
            "thaw",
            "set child");

    /** Some nodes and a root to begin with: a file, an image on it, a filter over that, and two free overlays. */
    private static final List<List<Op>> START = List.of(
            List.of(new Op(0, 0, 0, 0)),
            List.of(new Op(0, 1, 0, 4)),
            List.of(new Op(0, 2, 1, 1)),
            List.of(new Op(0, 3, 0, 0)),
            List.of(new Op(0, 4, 0, 0)),
            List.of(new Op(5, 0, 2, 1)));

    /**
     * A change by numbers, so that a sequence shrinks.
     *
     * @param what which change
     * @param a picks a node or root
     * @param b picks another
     * @param c picks a variant
     */
    record Op(int what, int a, int b, int c) {
        String first() {
            return "n" + a % NODES;
        }

        String second() {
            return "n" + b % NODES;
        }

        String root() {
            return "r" + a % ROOTS;
        }
    }

    @Provide
    Arbitrary<List<List<Op>>> programs() {
        Arbitrary<Op> op = Combinators.combine(
                        Arbitraries.integers().between(0, 21),
                        Arbitraries.integers().between(0, NODES - 1),
                        Arbitraries.integers().between(0, NODES - 1),
                        Arbitraries.integers().between(0, 11))
                .as(Op::new);
        Arbitrary<List<Op>> alone = op.list().ofSize(1);
        Arbitrary<List<Op>> together = op.list().ofMinSize(2).ofMaxSize(3);
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(4, alone), net.jqwik.api.Tuple.of(1, together))
                .list()
                .ofMaxSize(80)
                .withSizeDistribution(RandomDistribution.uniform());
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void theGraphDoesWhatTheModelDoes(@ForAll("programs") List<List<Op>> program) {
        List<String> problems = new ArrayList<>();
        LiveGraph<String> live = new LiveGraph<>((root, graph) -> text(root.node(), graph));
        live.addListener(p -> problems.addAll(unsound(p.graph())));
        GraphModel model = new GraphModel();
        List<List<Op>> all = new ArrayList<>(START);
        all.addAll(program);
        for (List<Op> ops : all) {
            GraphModel next = model.copy();
            boolean expected = taken(next, ops);
            boolean seen =
                    committed(live, Changes.of(ops.stream().map(this::change).toList()));
            assertEquals(
                    expected,
                    seen,
                    () -> "of " + ops + " after " + describe(live.current().graph()));
            model = expected ? next : model;
            assertEquals(describe(model), describe(live.current().graph()), () -> "after " + ops);
            assertEquals(List.of(), problems, () -> "after " + ops);
            requirePlans(live.current());
            Statistics.collect(
                    ops.size() == 1 ? NAMES.get(ops.getFirst().what()) : "list", expected ? "taken" : "refused");
        }
    }

    private static boolean taken(GraphModel model, List<Op> ops) {
        try {
            ops.forEach(op -> apply(model, op));
            model.requireSound();
            return true;
        } catch (GraphModel.Refused e) {
            return false;
        }
    }

    private static boolean committed(LiveGraph<String> live, GraphChange change) {
        Version<String> before = live.current();
        try {
            live.commit(change, LONG);
            return true;
        } catch (GraphException e) {
            assertEquals(describe(before.graph()), describe(live.current().graph()), "a refusal changes nothing");
            return false;
        }
    }

    // ---- one change, for the model and for the graph ----

    private static void apply(GraphModel model, Op op) {
        switch (op.what()) {
            case 0, 1, 2, 3 -> model.add(op.first(), fresh(op));
            case 4 -> model.remove(op.first());
            case 5, 6 -> model.attach(op.root(), grant(op.second(), op.c()));
            case 7 -> model.detach(op.root());
            case 8 -> model.insertFilter(op.first(), op.second());
            case 9 -> model.dropFilter(op.first());
            case 10, 11 -> model.append(op.first(), op.second());
            case 12 -> model.replace(op.first(), op.second());
            case 13 -> model.setBacking(op.first(), op.c() == 0 ? null : op.second());
            case 14 -> model.addChild(op.first(), link("c" + op.c() % 3, GraphModel.Kind.DATA, op.second()));
            case 15 -> model.removeChild(op.first(), op.c() % 2 == 0 ? "c" + op.c() % 3 : "file");
            case 16 -> model.dropIntermediate(op.first(), op.second());
            case 17 -> model.reopen(op.first(), op.c() % 2 == 0);
            case 18 -> model.regrant(op.root(), grant("", op.c()));
            case 21 -> model.setChild(op.first(), op.c() % 2 == 0 ? "file" : "backing", op.second());
            default -> model.freeze(op.first(), op.second(), op.what() == 19 ? "a job" : null);
        }
    }

    private GraphChange change(Op op) {
        return switch (op.what()) {
            case 0, 1, 2, 3 -> AddNodes.of(node(op.first(), fresh(op)));
            case 4 -> new RemoveNode(op.first());
            case 5, 6 -> {
                GraphModel.Root root = grant(op.second(), op.c());
                RootState state = new RootState(op.root());
                yield new AttachRoot(new GraphRoot(op.root(), root.node(), RootKind.DEVICE, grant(root), state));
            }
            case 7 -> new DetachRoot(op.root());
            case 8 ->
                new InsertFilter(op.first(), BlockNode.filter(op.second(), "x", new TestNode(op.second()), op.first()));
            case 9 -> new DropFilter(op.first());
            case 10, 11 -> new AppendOverlay(op.first(), op.second());
            case 12 -> new ReplaceNode(op.first(), op.second());
            case 13 -> new SetBacking(op.first(), op.c() == 0 ? null : op.second());
            case 14 -> new AddChild(op.first(), edge(link("c" + op.c() % 3, GraphModel.Kind.DATA, op.second())));
            case 15 -> new RemoveChild(op.first(), op.c() % 2 == 0 ? "c" + op.c() % 3 : "file");
            case 16 -> new DropIntermediate(op.first(), op.second());
            case 17 -> PermissionTest.reopen(op.first(), op.c() % 2 == 0);
            case 18 -> new SetGrant(op.root(), grant(grant("", op.c())));
            case 21 -> new SetChild(op.first(), op.c() % 2 == 0 ? "file" : "backing", op.second());
            default ->
                op.what() == 19
                        ? new Freeze(op.first(), op.second(), "a job")
                        : new Thaw(op.first(), op.second(), "a job");
        };
    }

    private static GraphModel.Node fresh(Op op) {
        boolean implicit = op.c() % 4 == 3;
        boolean readOnly = op.c() == 8;
        return switch (op.c() % 6) {
            case 1 ->
                new GraphModel.Node(
                        true, implicit, readOnly, List.of(link("file", GraphModel.Kind.FILTERED, op.second())));
            case 2 ->
                new GraphModel.Node(
                        false, implicit, readOnly, List.of(link("backing", GraphModel.Kind.COW, op.second())));
            case 3 ->
                new GraphModel.Node(
                        false, implicit, readOnly, List.of(link("file", GraphModel.Kind.DATA, op.second())));
            case 4 ->
                new GraphModel.Node(
                        false, implicit, readOnly, List.of(link("file", GraphModel.Kind.IMAGE, op.second())));
            default -> new GraphModel.Node(false, implicit, readOnly, List.of());
        };
    }

    private static GraphModel.Link link(String name, GraphModel.Kind kind, String child) {
        return new GraphModel.Link(name, kind, child, null);
    }

    private static BlockNode node(String name, GraphModel.Node model) {
        TestNode state = new TestNode(name);
        state.readOnly = model.readOnly();
        Vector<Edge> edges = Vector.ofAll(model.links()).map(GraphPropertyTest::edge);
        return new BlockNode(name, "x", HashMap.empty(), edges, model.filter(), model.implicit(), state);
    }

    private static Edge edge(GraphModel.Link link) {
        return switch (link.kind()) {
            case FILTERED -> Edge.filtered(link.child());
            case COW -> Edge.backing(link.child());
            case IMAGE -> Edge.image(link.child());
            case DATA -> Edge.of(link.name(), link.child(), ChildRole.DATA);
        };
    }

    private static GraphModel.Root grant(String node, int c) {
        Set<Permission> read = EnumSet.of(Permission.CONSISTENT_READ);
        Set<Permission> write = EnumSet.of(Permission.CONSISTENT_READ, Permission.WRITE);
        Set<Permission> all = EnumSet.allOf(Permission.class);
        return switch (c % 5) {
            case 0 -> new GraphModel.Root(node, read, all);
            case 1 -> new GraphModel.Root(node, write, all);
            case 2 -> new GraphModel.Root(node, write, EnumSet.of(Permission.CONSISTENT_READ));
            case 3 -> new GraphModel.Root(node, EnumSet.of(Permission.WRITE_UNCHANGED), all);
            default -> new GraphModel.Root(node, EnumSet.noneOf(Permission.class), read);
        };
    }

    private static Grant grant(GraphModel.Root root) {
        return new Grant(
                Permissions.of(root.used().toArray(Permission[]::new)),
                Permissions.of(root.shared().toArray(Permission[]::new)));
    }

    // ---- what every version has to be ----

    private static List<String> unsound(BlockGraph graph) {
        List<String> problems = new ArrayList<>();
        graph.nodes()
                .values()
                .forEach(n -> n.children().forEach(e -> {
                    if (graph.find(e.child()) == null) {
                        problems.add(n.name() + " has no child " + e.child());
                    } else if (!graph.parents(e.child()).contains(n.name())) {
                        problems.add(n.name() + " is missing among the parents of " + e.child());
                    }
                }));
        for (String name : graph.nodes().keySet()) {
            for (String parent : graph.parents(name)) {
                if (graph.find(parent) == null
                        || !graph.node(parent).children().exists(e -> e.child().equals(name))) {
                    problems.add(parent + " is no parent of " + name);
                }
            }
            BlockNode node = graph.node(name);
            java.util.List<String> below = node.children().map(Edge::child).toJavaList();
            if (Walk.down(graph, below, Walk.ALL).contains(name)) {
                problems.add(name + " is on a cycle");
            }
        }
        graph.roots().values().forEach(r -> {
            if (!graph.rootsOn(r.node()).contains(r.id())) {
                problems.add(r.id() + " is missing on " + r.node());
            }
        });
        if (!graph.tallies().equals(graph.checked().tallies())) {
            problems.add("permissions differ from those worked out anew");
        }
        return problems;
    }

    private static void requirePlans(Version<String> version) {
        assertEquals(
                version.graph().roots().keySet(), HashSet.ofAll(version.routes().keySet()));
        version.routes().forEach((id, route) -> {
            assertEquals(text(version.graph().root(id).node(), version.graph()), route.plan());
            assertEquals(version.graph().reach(id), HashSet.ofAll(route.reach().keySet()));
            assertFalse(route.gated());
        });
        assertTrue(version.gatedNodes().isEmpty());
    }

    private static String text(String node, BlockGraph graph) {
        BlockNode found = graph.node(node);
        return node
                + found.children()
                        .map(e -> e.name() + "=" + text(e.child(), graph))
                        .mkString("(", " ", ")");
    }

    private static String describe(BlockGraph graph) {
        Map<String, String> lines = new TreeMap<>();
        graph.nodes().forEach((name, n) -> {
            List<String> edges = new ArrayList<>();
            n.children().forEach(e -> edges.add(e.name() + "=" + e.child() + "/" + e.frozenBy()));
            lines.put(
                    name,
                    (n.filter() ? "filter " : "") + (n.implicit() ? "implicit " : "") + (n.readOnly() ? "ro " : "")
                            + edges + " "
                            + words(
                                    graph.grantOn(name).used().words(),
                                    graph.grantOn(name).shared().words()));
        });
        graph.roots()
                .forEach((id, r) -> lines.put(
                        id,
                        r.node() + " "
                                + words(
                                        r.grant().used().words(),
                                        r.grant().shared().words())));
        return String.join("\n", lines.entrySet().stream().map(Object::toString).toList());
    }

    private static String describe(GraphModel model) {
        Map<String, String> lines = new TreeMap<>();
        model.nodes.forEach((name, n) -> {
            List<String> edges = new ArrayList<>();
            n.links().forEach(l -> edges.add(l.name() + "=" + l.child() + "/" + l.frozenBy()));
            GraphModel.Root total = model.total(name);
            lines.put(
                    name,
                    (n.filter() ? "filter " : "") + (n.implicit() ? "implicit " : "") + (n.readOnly() ? "ro " : "")
                            + edges + " "
                            + words(
                                    grant(total).used().words(),
                                    grant(total).shared().words()));
        });
        model.roots.forEach((id, r) -> lines.put(
                id,
                r.node() + " "
                        + words(grant(r).used().words(), grant(r).shared().words())));
        return String.join("\n", lines.entrySet().stream().map(Object::toString).toList());
    }

    private static String words(List<String> used, List<String> shared) {
        return new TreeSet<>(used) + "/" + new TreeSet<>(shared);
    }
}
