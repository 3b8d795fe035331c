// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.ChildRole;
import org.rcublk.io.PlanCompiler;

/** What options become, and what each wrong one is answered with. */
class NodeOpenerTest {
    @TempDir
    Path folder;

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    private static OpenedNodes open(Map<String, Object> options) {
        return NodeOpener.open(options, BlockGraph.empty());
    }

    private static String errorOf(Map<String, Object> options, BlockGraph graph) {
        String message = assertThrows(OptionException.class, () -> NodeOpener.open(options, graph))
                .getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }

    private static void refused(String expected, Object... options) {
        String message = errorOf(map(options), BlockGraph.empty());
        assertTrue(message.contains(expected), message);
    }

    private static long size(OpenedNodes opened) {
        BlockGraph graph = BlockGraph.empty().addNodes(opened.nodes());
        return new PlanCompiler().compile(opened.top(), graph).size();
    }

    private Path file(int length) throws IOException {
        return Files.write(folder.resolve("disk.img"), new byte[length]);
    }

    @Test
    void namesEveryDriver() {
        assertEquals(
                List.of("file", "memory", "null", "null-aio", "null-co", "overlay", "passthrough", "raw", "throttle"),
                NodeOpener.driverNames());
    }

    @Test
    void dottedAndNestedOptionsAreTheSame() {
        OpenedNodes dotted = open(map("driver", "raw", "node-name", "r", "file.driver", "memory", "file.size", "1M"));
        OpenedNodes nested =
                open(map("driver", "raw", "node-name", "r", "file", map("driver", "memory", "size", "1M")));
        for (OpenedNodes opened : List.of(dotted, nested)) {
            assertEquals(1 << 20, size(opened));
            BlockNode child = opened.nodes().getFirst();
            BlockNode top = opened.topNode();
            assertTrue(child.name().startsWith("#block"), child.name());
            assertTrue(child.implicit());
            assertFalse(top.implicit());
            assertEquals("r", opened.top());
            assertEquals(child.name(), top.child(ChildRole.PRIMARY).child());
            assertEquals("raw", top.options().get("driver").get());
            assertFalse(top.options().containsKey("file.size"), "the child's options are the child's");
            assertEquals("1M", child.options().get("size").get());
        }
    }

    @Test
    void edgesHaveTheRolesOfTheirDrivers() {
        OpenedNodes filter = open(map("driver", "passthrough", "file.driver", "null-co"));
        assertTrue(filter.topNode().filter());
        assertTrue(filter.topNode().child(ChildRole.FILTERED).is(ChildRole.PRIMARY));
        OpenedNodes overlay = open(map("driver", "overlay", "backing.driver", "null-co"));
        assertEquals("backing", overlay.topNode().child(ChildRole.COW).name());
        assertTrue(overlay.nodes().getFirst().state().readOnly(), "what is below an overlay is not written to");
        OpenedNodes raw = open(map("driver", "raw", "file.driver", "null-co"));
        assertTrue(raw.topNode().child(ChildRole.PRIMARY).is(ChildRole.DATA));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "512,512", "64k,65536", "1K,1024", "1.5G,1610612736", "2T,2199023255552", "10b,10"})
    void sizesTakeSuffixes(String text, long bytes) {
        assertEquals(bytes, size(open(map("driver", "memory", "size", text))));
    }

    @Test
    void numbersComeInEveryType() {
        assertEquals(512, size(open(map("driver", "memory", "size", 512))));
        assertEquals(512, size(open(map("driver", "memory", "size", 512L))));
    }

    @Test
    void overlayWithoutSizeIsAsLargeAsItsBacking() {
        assertEquals(12345, size(open(map("driver", "overlay", "backing.driver", "memory", "backing.size", 12345))));
    }

    @Test
    void existingNodesAreReferredToByName() {
        BlockGraph graph = BlockGraph.empty()
                .addNodes(open(map("driver", "memory", "size", "1M", "node-name", "m"))
                        .nodes());
        OpenedNodes opened = NodeOpener.open(map("driver", "raw", "node-name", "r", "file", "m"), graph);
        assertEquals(1, opened.nodes().size());
        assertTrue(errorOf(map("driver", "raw", "node-name", "m", "file", "m"), graph)
                .contains("'m' exists already"));
    }

    @Test
    void optionsOfQemuScriptsAreAccepted() throws IOException {
        open(map(
                        "driver",
                        "file",
                        "filename",
                        file(512).toString(),
                        "aio",
                        "io_uring",
                        "cache.direct",
                        "off",
                        "cache.no-flush",
                        "on",
                        "discard",
                        "unmap",
                        "locking",
                        "on",
                        "auto-read-only",
                        "on",
                        "detect-zeroes",
                        "off",
                        "read-only",
                        "on",
                        "node-name",
                        "a-b.c_d"))
                .close();
    }

    @Test
    void wrongOptionsAreNamed() {
        refused("'driver' is missing", "node-name", "x");
        refused("driver 'qcow3' is not known: use one of file, memory", "driver", "qcow3");
        refused(
                "option 'sise' is not known to driver 'memory', whose options are ",
                "driver",
                "memory",
                "size",
                1,
                "sise",
                1);
        refused(
                "option 'file.bogus' is not known to driver 'null-co'",
                "driver",
                "raw",
                "file.driver",
                "null-co",
                "file.bogus",
                1);
        refused("option 'cache.bogus' is not known", "driver", "null-co", "cache.bogus", "on");
        refused(
                "option 'cache.direct' of driver 'null-co' is 'on': it must be off",
                "driver",
                "null-co",
                "cache.direct",
                "on");
        refused("needs the option 'size'", "driver", "memory");
        refused("'x-alignment' of driver 'memory' is '3'", "driver", "memory", "size", 1, "x-alignment", 3);
        refused("'x-alignment' of driver 'memory' is '256'", "driver", "memory", "size", 1, "x-alignment", 256);
        refused("'x-alignment' of driver 'memory' is '128k'", "driver", "memory", "size", 1, "x-alignment", "128k");
        refused(
                "'x-max-transfer' of driver 'memory' is '1000': it must be 0 for no limit, or a multiple of x-alignment,"
                        + " which is 512",
                "driver",
                "memory",
                "size",
                1,
                "x-alignment",
                512,
                "x-max-transfer",
                1000);
        refused("needs the option 'file'", "driver", "raw");
        refused("needs the option 'filename'", "driver", "file");
        refused("'size' of driver 'memory' is '1X'", "driver", "memory", "size", "1X");
        refused("'size' of driver 'memory' is '-1'", "driver", "memory", "size", -1);
        refused("'size' of driver 'memory' is '9E'", "driver", "memory", "size", "9E");
        refused("'size' of driver 'memory' is '1.5'", "driver", "memory", "size", 1.5);
        refused("'size' of driver 'memory' is 'null'", "driver", "memory", "size", null);
        refused("'size' of driver 'memory' is options of its own", "driver", "memory", "size.x", 1);
        refused(
                "'read-only' of driver 'null-co' is 'maybe': it must be on or off",
                "driver",
                "null-co",
                "read-only",
                "maybe");
        refused("'detect-zeroes' of driver 'null-co' is 'unmap'", "driver", "null-co", "detect-zeroes", "unmap");
        refused("a power of two", "driver", "overlay", "cluster-size", 3000);
        refused("from 512 to 2097152", "driver", "overlay", "cluster-size", "4M");
        refused(
                "reach past the end",
                "driver",
                "raw",
                "offset",
                10,
                "size",
                20,
                "file.driver",
                "memory",
                "file.size",
                29);
        refused("reach past the end", "driver", "raw", "offset", 30, "file.driver", "memory", "file.size", 29);
        refused("'discard' of driver 'memory' is 'ignore'", "driver", "memory", "size", 1, "discard", "ignore");
    }

    @Test
    void wrongNamesAreNamed() {
        refused("node name '1x' is not valid", "driver", "null-co", "node-name", "1x");
        refused("'node-name' of driver 'null-co' is '#block1'", "driver", "null-co", "node-name", "#block1");
        refused("names the node 'nobody', which does not exist", "driver", "raw", "file", "nobody");
        refused("'file' of driver 'raw' is '7'", "driver", "raw", "file", 7);
        refused(
                "node 'x' exists already",
                "driver",
                "raw",
                "node-name",
                "x",
                "file.driver",
                "null-co",
                "file.node-name",
                "x");
        refused("makes a cycle: node 'x' would be its own child", "driver", "raw", "node-name", "x", "file", "x");
        refused(
                "option 'file.file' makes a cycle",
                "driver",
                "raw",
                "node-name",
                "x",
                "file.driver",
                "raw",
                "file.file",
                "x");
    }

    @Test
    void contradictionsAndDepthAreRefused() {
        refused("given twice", "driver", "raw", "file", "a", "file.driver", "null-co");
        refused("given twice", "driver", "null-co", "cache.direct", "off", "cache", map("direct", "off"));
        refused("has an empty name", "driver", "null-co", "cache.", "off");
        Map<String, Object> deep = map("driver", "null-co");
        for (int i = 0; i < 100_000; i++) {
            deep = map("driver", "raw", "file", deep);
        }
        assertTrue(errorOf(deep, BlockGraph.empty()).contains("deeper than 64"));
        refused("deeper than 64", "file" + ".file".repeat(100_000), "x");
    }

    @Test
    void whatWasOpenedIsClosedWhenTheRestFails() throws IOException {
        Path path = file(512);
        Map<String, Object> child = map("driver", "file", "filename", path.toString());
        refused("option 'bogus' is not known", "driver", "raw", "file", child, "bogus", 1);
        refused("reach past the end", "driver", "raw", "file", child, "offset", 1024);
        open(child).close(); // it would be locked still if it had stayed open
    }

    @Test
    void inlineChildrenTakeReadOnlyAndDiscardFromTheirParent() throws IOException {
        Path path = file(512);
        Map<String, Object> child = map("driver", "file", "filename", path.toString());
        OpenedNodes first = open(map("driver", "raw", "read-only", "on", "file", child));
        OpenedNodes second = open(map("driver", "overlay", "backing", child)); // not locked: both only read
        assertTrue(first.nodes().getFirst().state().readOnly());
        assertTrue(second.nodes().getFirst().state().readOnly());
        first.close();
        second.close();
    }
}
