// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vavr.collection.HashMap;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rcublk.graph.BlockGraph;

/** The languages of DOT and Mermaid. */
@Timeout(120)
class GraphTextTest {
    private static final String TEXT = "\"[^\"\\n]*\"";
    private static final Pattern MERMAID = Pattern.compile("---|title: [ -~]*|flowchart TB"
            + "|  r\\d+\\(\\[" + TEXT + "\\]\\):::root(Gated)?"
            + "|  n\\d+\\[" + TEXT + "\\]:::(filter|format|protocol)(Gated)?"
            + "|  [rn]\\d+ (-->|-\\.->|==>)\\|" + TEXT + "\\| n\\d+"
            + "|  classDef [a-zA-Z]+ [a-z0-9:,#-]+");

    @TempDir
    private Path folder;

    private static GraphView quoted() {
        return Samples.view(BlockGraph.empty()
                .addNodes(List.of(Samples.node(
                        "a",
                        "file",
                        HashMap.of("filename", "/x/say \"hi\" & \\n <b>", "note", "line\nbreak \u00fc")))));
    }

    @Test
    void dotHasTheGraph() {
        List<String> lines = GraphDot.draw(Samples.demo()).lines().toList();
        assertEquals("digraph rcublk {", lines.getFirst());
        assertEquals("}", lines.getLast());
        assertTrue(lines.contains("  \"root drive0\" -> \"node f0\" [label=\"rw-- / rwu-\"];"), lines.toString());
        assertTrue(
                lines.contains("  \"node top\" -> \"node disk\" [label=\"backing: cow\\nr--- / r-u-\", style=dashed];"),
                lines.toString());
        assertTrue(
                lines.stream()
                        .anyMatch(l -> l.contains("\"node image\" [") && l.contains("label=\"image\\nfile, 64 GiB")),
                lines.toString());
        assertEquals(2, GraphDot.draw(Samples.gated()).split("GATED\"", -1).length - 2);
    }

    @Test
    void dotEscapes() {
        String dot = GraphDot.draw(quoted());
        assertTrue(dot.contains("say \\\"hi\\\" &amp; \\\\n <b>"), dot);
        assertTrue(dot.contains("note=line\\nbreak &#252;"), dot);
    }

    @Test
    void graphvizReadsIt() throws IOException, InterruptedException {
        assumeTrue(
                List.of(System.getenv("PATH").split(File.pathSeparator, -1)).stream()
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "dot"))),
                "graphviz is not installed: what it says of our DOT is not checked");
        for (GraphView view : Samples.all().values()) {
            assertGraphvizReads(view);
        }
        for (int seed = 0; seed < 5; seed++) {
            assertGraphvizReads(RandomViews.view(seed, 40, 3));
        }
    }

    private void assertGraphvizReads(GraphView view) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        Path read = folder.resolve("read");
        Process dot = new ProcessBuilder("dot", "-Tplain")
                .redirectError(said.toFile())
                .redirectOutput(read.toFile())
                .start();
        try (var in = dot.outputWriter()) {
            in.write(GraphDot.draw(view));
        }
        assertTrue(dot.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, dot.exitValue(), Files.readString(said) + GraphDot.draw(view));
        assertFalse(Files.readString(said).contains("syntax"), Files.readString(said));
        List<String> lines = Files.readAllLines(read, java.nio.charset.StandardCharsets.ISO_8859_1);
        int edges = view.roots().size()
                + view.nodes().stream().mapToInt(n -> n.children().size()).sum();
        assertEquals(
                view.nodes().size() + view.roots().size(),
                lines.stream().filter(l -> l.startsWith("node ")).count());
        assertEquals(edges, lines.stream().filter(l -> l.startsWith("edge ")).count());
    }

    @Test
    void mermaidHasTheGraph() {
        List<String> lines = GraphMermaid.draw(Samples.demo()).lines().toList();
        assertEquals(List.of("---", "title: Block graph, version 42", "---", "flowchart TB"), lines.subList(0, 4));
        assertTrue(lines.contains("  r0([\"drive0<br/>export, writable\"]):::root"), lines.toString());
        assertTrue(lines.contains("  n1[\"f0<br/>passthrough, 64 GiB\"]:::filter"), lines.toString());
        assertTrue(lines.contains("  r0 -->|\"rw-- / rwu-\"| n1"), lines.toString());
        assertTrue(lines.contains("  n3 -.->|\"backing: cow<br/>r--- / r-u-\"| n0"), lines.toString());
        assertTrue(GraphMermaid.draw(Samples.gated()).contains("64 parked<br/>GATED\"]):::rootGated"));
        assertTrue(GraphMermaid.draw(Samples.gated()).contains(" ==>|\"backing: cow<br/>frozen by commit0<br/>"));
    }

    /** The example in the guide is what the program says. */
    @Test
    void theGuideShowsIt() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "graph.md"));
        assertTrue(guide.contains("```mermaid\n" + GraphMermaid.draw(Samples.gated()) + "```"), "docs/graph.md");
    }

    @Test
    void mermaidKeepsToItsGrammarWhateverTheTextsAre() {
        for (int seed = 0; seed < 200; seed++) {
            GraphView view = RandomViews.view(seed, 30, 3);
            for (String line : GraphMermaid.draw(view).split("\n", -1)) {
                assertTrue(line.isEmpty() || MERMAID.matcher(line).matches(), line);
                assertTrue(line.chars().allMatch(c -> c >= 0x20 && c < 0x7f), line);
            }
        }
        String mermaid = GraphMermaid.draw(quoted());
        assertTrue(mermaid.contains("say #34;hi#34; #38; #92;n #60;b#62;"), mermaid);
    }

    @Test
    void sizesAndPathsAreShort() {
        assertEquals("0 B", Captions.size(0));
        assertEquals("1023 B", Captions.size(1023));
        assertEquals("1 GiB", Captions.size(1 << 30));
        assertEquals("1.5 GiB", Captions.size(3 << 29));
        assertEquals("8.0 EiB", Captions.size(Long.MAX_VALUE));
        assertEquals(
                "----" + " / " + "rwus",
                Captions.permissions(List.of(), List.of("consistent-read", "write", "write-unchanged", "resize")));
    }
}
