// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Class files that cannot be read: said which and why where they are analysed, else left alone as long as that is possible. */
class ClassFilesTest {
    private static final int VERSION_AT = 7;

    @TempDir
    private Path folder;

    private Path jar;

    @BeforeEach
    void compile() throws IOException {
        Path classes = Program.compile(folder, """
                class A { void a() { C.c(); } }
                class B extends C {}
                class C { static void c() {} }
                """);
        jar = folder.resolve("some.jar");
        try (FileSystem to = FileSystems.newFileSystem(jar, Map.of("create", "true"));
                Stream<Path> files = Files.list(classes.resolve("p"))) {
            Files.createDirectory(to.getPath("/p"));
            for (Path file : files.toList()) {
                Files.copy(file, to.getPath("/p/" + file.getFileName()));
            }
        }
    }

    private void change(String name, int version) throws IOException {
        try (FileSystem in = FileSystems.newFileSystem(jar)) {
            Path file = in.getPath("/p/" + name + ".class");
            byte[] bytes = Files.readAllBytes(file);
            bytes[VERSION_AT] = (byte) version;
            Files.write(file, bytes);
        }
    }

    private void cut(String name) throws IOException {
        try (FileSystem in = FileSystems.newFileSystem(jar)) {
            Path file = in.getPath("/p/" + name + ".class");
            Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 40));
        }
    }

    private CallGraph read(String... excluded) throws CallGraphException {
        return CallGraph.read(List.of(jar), List.of("p"), List.of(excluded));
    }

    private String message(String... excluded) {
        String message =
                assertThrows(CallGraphException.class, () -> read(excluded)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void aNewerVersionIsNamedAndSoAreEntryAndJar() throws Exception {
        int newer = FactsReader.NEWEST + 1;
        change("C", newer);
        assertEquals(
                "cannot read the class file '/p/C.class' of '" + jar + "': class file version " + newer
                        + ", read up to " + FactsReader.NEWEST + ": use a newer rcublk, or --exclude its package",
                message());
    }

    @Test
    void theNewestIsRead() throws Exception {
        change("C", FactsReader.NEWEST);
        assertEquals(3, read().classes());
    }

    @Test
    void aCorruptFileIsNamed() throws Exception {
        cut("C");
        String message = message();
        assertTrue(
                message.startsWith("cannot read the class file '/p/C.class' of '" + jar + "': it is corrupt ("),
                message);
        assertTrue(message.endsWith("): build or fetch it again, or --exclude its package"), message);
    }

    @Test
    void outsideOfTheAnalysedItIsALeafUnlessOneInheritsFromIt() throws Exception {
        cut("C");
        CallGraph graph = read("p.B", "p.C");
        assertEquals(1, graph.classes());
        assertEquals(
                1,
                Search.ALL
                        .paths(Selector.of("A.a").in(graph), Selector.of("C.c"))
                        .size());
        assertTrue(message("p.C").endsWith(": p.B extends it"), message("p.C"));
    }
}
