// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.rcublk.graph.BlockGraphTest.node;
import static org.rcublk.graph.BlockGraphTest.refused;
import static org.rcublk.graph.BlockGraphTest.root;
import static org.rcublk.graph.GraphEditsTest.filter;
import static org.rcublk.graph.Permission.CONSISTENT_READ;
import static org.rcublk.graph.Permission.RESIZE;
import static org.rcublk.graph.Permission.WRITE;
import static org.rcublk.graph.Permission.WRITE_UNCHANGED;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may do what with which node: worked out on the final graph, refused with both users named (hazard H26). */
class PermissionTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Permissions READ = Permissions.of(CONSISTENT_READ);
    private static final Grant READER = new Grant(READ, Permissions.ALL);
    private static final Permissions READ_UNCHANGED = Permissions.of(CONSISTENT_READ, WRITE_UNCHANGED);

    private final LiveGraph<String> live = new LiveGraph<>((r, g) -> r.node());

    @Test
    void rolesSayWhatAParentDoesWithItsChild() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        filter("f", "img"),
                        node("img", Edge.image("file"), Edge.backing("base"), Edge.of("data", "data", ChildRole.DATA)),
                        node("file"),
                        node("data"),
                        node("base")))
                .attachRoot(root("r", "f", true))
                .checked();
        assertEquals(Grant.export(true), graph.grantOn("f"));
        assertEquals(Grant.export(true), graph.grantOn("img"), "a filter does what its users do");
        Permissions all = Permissions.of(CONSISTENT_READ, WRITE, RESIZE);
        assertEquals(new Grant(all, READ_UNCHANGED), graph.grantOn("file"));
        assertEquals(new Grant(all, Permissions.of(CONSISTENT_READ, WRITE, WRITE_UNCHANGED)), graph.grantOn("data"));
        assertEquals(new Grant(READ, READ_UNCHANGED), graph.grantOn("base"));
        assertEquals(Grant.NONE, graph.detachRoot("r").checked().grantOn("f"));
    }

    @Test
    void tablesAreWrittenEvenWhenNobodyWrites() {
        BlockGraph unused = BlockGraph.empty()
                .addNodes(List.of(node("img", Edge.image("file")), node("file")))
                .checked();
        Permissions all = Permissions.of(CONSISTENT_READ, WRITE, RESIZE);
        assertEquals(new Grant(all, READ_UNCHANGED), unused.grantOn("file"));
        refused(
                () -> unused.attachRoot(root("r", "file", true)).checked(),
                "root 'r'",
                "write",
                "'file'",
                "node 'img' (its child 'file')",
                "does not share");
    }

    @Test
    void twoExclusiveWritersNeedTwoNodes() {
        BlockGraph one = BlockGraph.empty()
                .addNodes(List.of(node("disk")))
                .attachRoot(device("a", "disk", true))
                .checked();
        refused(() -> one.attachRoot(device("b", "disk", true)).checked(), "root 'a'", "root 'b'", "'disk'", "write");
        refused(() -> one.attachRoot(device("b", "disk", false)).checked(), "root 'a'", "root 'b'");
        one.attachRoot(reader("b", "disk")).checked();
        refused(() -> one.attachRoot(root("e", "disk", true)).checked(), "root 'e'", "root 'a'");
    }

    @Test
    void aRefusalChangesNothing() {
        live.commit(AddNodes.of(node("disk")), LONG);
        live.commit(new AttachRoot(device("a", "disk", true)), LONG);
        Version<String> before = live.current();
        TestRoot state = new TestRoot("b");
        GraphRoot second = new GraphRoot("b", "disk", RootKind.DEVICE, Grant.device(true), state);
        assertThrows(GraphException.class, () -> live.commit(new AttachRoot(second), LONG));
        assertSame(before, live.current());
        live.commit(new DetachRoot("a"), LONG);
        live.commit(new AttachRoot(second), LONG); // its state was given back
    }

    @Test
    void onlyTheFinalGraphHasToBeSound() {
        // The filter asks for the node for itself alone: with the root still on the node that would not do.
        Grant alone = new Grant(Permissions.of(CONSISTENT_READ, WRITE), Permissions.NONE);
        NodeState greedy = new TestNode("greedy") {
            @Override
            public Grant childGrant(BlockNode self, Edge edge, Grant above) {
                return alone;
            }
        };
        live.commit(AddNodes.of(node("disk")), LONG);
        live.commit(new AttachRoot(root("r", "disk", true)), LONG);
        live.commit(new InsertFilter("disk", BlockNode.filter("greedy", "x", greedy, "disk")), LONG);
        assertEquals(alone, live.current().graph().grantOn("disk"));
        refused(
                () -> live.commit(new AttachRoot(root("s", "disk", false)), LONG),
                "root 's'",
                "node 'greedy' (its child 'file', for root 'r')");
    }

    @Test
    void aSwitchOfTheOneWriterIsOneChange() {
        live.commit(AddNodes.of(node("disk")), LONG);
        live.commit(new AttachRoot(device("a", "disk", true)), LONG);
        live.commit(new AttachRoot(reader("b", "disk")), LONG);
        SetGrant reader = new SetGrant("a", READER);
        SetGrant writer = new SetGrant("b", Grant.device(true));
        refused(() -> live.commit(writer, LONG), "root 'a'", "root 'b'");
        live.commit(Changes.of(writer, reader), LONG);
        assertEquals(false, live.current().graph().root("a").writable());
        assertEquals(true, live.current().route("b").root().writable());
    }

    @Test
    void aParentsExclusiveChildIsSwitchedThroughTheWholeChain() {
        // Both images sit over a filter each; which of the two writes changes in one step, from top to bottom.
        live.commit(
                AddNodes.of(
                        node("top", Edge.of("file", "fa", ChildRole.DATA)),
                        filter("fa", "shared"),
                        filter("fb", "shared"),
                        node("shared")),
                LONG);
        live.commit(new AttachRoot(device("a", "top", true)), LONG);
        live.commit(new AttachRoot(reader("b", "fb")), LONG);
        refused(() -> live.commit(new SetGrant("b", Grant.device(true)), LONG), "node 'fb'", "node 'fa'", "'shared'");
        live.commit(Changes.of(new SetGrant("a", READER), new SetGrant("b", Grant.device(true))), LONG);
        assertEquals(
                Permissions.of(CONSISTENT_READ, WRITE),
                live.current().graph().grantOn("shared").used());
    }

    @Test
    void aNodeOnlyBecomesReadOnlyWhenNobodyWritesToIt() {
        live.commit(AddNodes.of(node("disk")), LONG);
        live.commit(new AttachRoot(root("r", "disk", true)), LONG);
        Reopen sealed = reopen("disk", true);
        refused(() -> live.commit(sealed, LONG), "root 'r'", "write", "'disk'", "read-only");
        live.commit(Changes.of(sealed, new SetGrant("r", Grant.export(false))), LONG);
        refused(() -> live.commit(new SetGrant("r", Grant.export(true)), LONG), "root 'r'", "'disk'", "read-only");
        live.commit(Changes.of(new SetGrant("r", Grant.export(true)), reopen("disk", false)), LONG);
    }

    @Test
    void anOverlayThatSharesWritesLetsTheGuestWriteBelow() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(List.of(
                        node("base"), node("fleece", Edge.backing("base").sharing(Permissions.ALL))))
                .attachRoot(root("guest", "base", true))
                .attachRoot(root("reader", "fleece", false));
        assertEquals(
                Permissions.of(CONSISTENT_READ, WRITE, WRITE_UNCHANGED),
                graph.checked().grantOn("base").shared());
        refused(() -> graph.attachRoot(device("d", "fleece", false)).checked(), "root 'guest'", "node 'fleece'");
    }

    @Test
    void resizeNeedsThatNobodyHoldsTheSize() {
        live.commit(AddNodes.of(node("disk")), LONG);
        Resize resize = new Resize("disk", io.vavr.collection.HashMap.empty(), NodeSettings.NONE);
        live.commit(resize, LONG);
        live.commit(new AttachRoot(root("r", "disk", false)), LONG);
        refused(() -> live.commit(resize, LONG), "resize", "root 'r'", "'disk'");
        live.commit(Changes.of(new DetachRoot("r"), resize), LONG); // only the final graph counts
    }

    static Reopen reopen(String node, boolean readOnly) {
        return new Reopen(
                List.of(new Reopen.Reopened(node, io.vavr.collection.HashMap.empty(), NodeSettings.NONE, readOnly)));
    }

    static GraphRoot reader(String id, String node) {
        return new GraphRoot(id, node, RootKind.DEVICE, READER, new TestRoot(id));
    }

    static GraphRoot device(String id, String node, boolean writable) {
        return new GraphRoot(id, node, RootKind.DEVICE, Grant.device(writable), new TestRoot(id));
    }
}
