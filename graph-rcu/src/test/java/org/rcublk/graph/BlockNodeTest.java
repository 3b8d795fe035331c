// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that a single node and a single edge have to keep. */
class BlockNodeTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "disk0", "A-b.c_9", "#block012", "#9", "abcdefghijklmnopqrstuvwxyz01234"})
    void takesNamesOfTheRule(String name) {
        assertDoesNotThrow(() -> BlockNode.checkName(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9a", "_a", "a b", "a/b", "é", "#", "##a", "abcdefghijklmnopqrstuvwxyz012345"})
    void refusesOtherNames(String name) {
        GraphException e = assertThrows(GraphException.class, () -> node(name));
        assertTrue(e.getMessage().contains("'" + name + "'") && e.getMessage().contains("31"), e.getMessage());
    }

    @Test
    void refusesRolesThatExcludeEachOther() {
        assertThrows(GraphException.class, () -> Edge.of("e", "c", ChildRole.FILTERED, ChildRole.DATA));
        assertThrows(GraphException.class, () -> Edge.of("e", "c", ChildRole.COW, ChildRole.METADATA));
        assertThrows(GraphException.class, () -> Edge.of("e", "c", ChildRole.COW, ChildRole.FILTERED));
        assertThrows(GraphException.class, () -> new Edge("e", HashSet.empty(), "c"));
        assertThrows(GraphException.class, () -> Edge.of("", "c", ChildRole.DATA));
        assertThrows(GraphException.class, () -> Edge.of("e", "", ChildRole.DATA));
    }

    @Test
    void allowsOneChildOfEachSingularRole() {
        for (ChildRole role : new ChildRole[] {ChildRole.FILTERED, ChildRole.COW, ChildRole.PRIMARY}) {
            GraphException e = assertThrows(
                    GraphException.class, () -> node("n", Edge.of("x", "c", role), Edge.of("y", "d", role)));
            assertTrue(e.getMessage().contains(role.name()) && e.getMessage().contains("'n'"), e.getMessage());
        }
        assertDoesNotThrow(() ->
                node("n", Edge.of("x", "c", ChildRole.DATA), Edge.of("y", "d", ChildRole.DATA), Edge.backing("b")));
    }

    @Test
    void refusesTwoChildrenOfOneName() {
        assertThrows(
                GraphException.class,
                () -> node("n", Edge.of("x", "c", ChildRole.DATA), Edge.of("x", "d", ChildRole.DATA)));
    }

    @Test
    void aFilterFilters() {
        assertThrows(
                GraphException.class,
                () -> new BlockNode(
                        "f", "passthrough", HashMap.empty(), Vector.empty(), true, false, new TestNode("f")));
        BlockNode filter = BlockNode.filter("f", "passthrough", new TestNode("f"), "c");
        assertEquals("c", filter.child(ChildRole.FILTERED).child());
        assertNull(filter.child(ChildRole.COW));
        assertTrue(filter.filter());
    }

    @Test
    void onlyCopyOnWriteEdgesCarryNoWrites() {
        assertFalse(Edge.backing("b").carriesWrites());
        assertTrue(Edge.filtered("b").carriesWrites());
        assertTrue(Edge.image("b").carriesWrites());
    }

    @Test
    void aRootHasItsOwnState() {
        assertThrows(GraphException.class, () -> new GraphRoot("a", "n", true, new TestRoot("b")));
        assertThrows(GraphException.class, () -> new TestRoot(""));
    }

    @Test
    void aRequestIsDescribedInOneLine() {
        assertEquals(
                "read of 4096 bytes at 8192 in node 'disk0' for root 'exp0' on iothread-1, 31 ms old",
                new InFlight("iothread-1", "exp0", "disk0", "read", 31_999_999, 8192, 4096, List.of()).describe());
    }

    private static BlockNode node(String name, Edge... children) {
        return BlockNode.of(name, "raw", new TestNode(name), children);
    }
}
