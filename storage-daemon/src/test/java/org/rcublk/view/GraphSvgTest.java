// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The picture, by its layout and as a document. How it looks, people have to say. */
@Timeout(120)
class GraphSvgTest {
    static Stream<GraphView> views() {
        return Stream.concat(
                Samples.all().values().stream(),
                Stream.concat(
                        Stream.of(Samples.host(200), Samples.chain(300), RandomViews.view(99, 1000, 20)),
                        Stream.iterate(0, seed -> seed + 1)
                                .limit(60)
                                .map(seed -> RandomViews.view(seed, 1 + seed % 45, seed % 5))));
    }

    @ParameterizedTest
    @MethodSource("views")
    void nothingOverlaps(GraphView view) {
        Layers layers = GraphSvg.laidOut(view);
        for (int i = 0; i < layers.ranks.size(); i++) {
            List<Item> rank = layers.ranks.get(i);
            for (int j = 0; j < rank.size(); j++) {
                Item item = rank.get(j);
                assertTrue(item.left() > -0.01 && item.top() >= item.rankTop - 0.01, "out of its rank");
                assertTrue(item.bottom() <= item.rankBottom + 0.01, "out of its rank");
                assertTrue(j == 0 || rank.get(j - 1).right() + 10 < item.left(), "overlap in rank " + i);
                assertTrue(
                        i == 0
                                || layers.ranks.get(i - 1).isEmpty()
                                || layers.ranks.get(i - 1).getFirst().rankBottom + 10 < item.rankTop,
                        "rank " + i + " overlaps the one above");
            }
        }
        assertEquals(
                view.nodes().size() + view.roots().size(),
                layers.boxes.stream().map(Box::item).distinct().count());
    }

    @ParameterizedTest
    @MethodSource("views")
    void usersAreAboveWhatTheyUseAndRootsOnTop(GraphView view) {
        Layers layers = GraphSvg.laidOut(view);
        for (Link link : layers.links) {
            assertTrue(link.upper().bottom() < link.lower().top());
        }
        for (Box box : layers.boxes) {
            assertTrue(
                    (box.kind() == Kind.ROOT)
                            == (box.item().rank == 0 && !view.roots().isEmpty()),
                    box.name());
        }
    }

    @ParameterizedTest
    @MethodSource("views")
    void edgesPassNoBox(GraphView view) {
        Layers layers = GraphSvg.laidOut(view);
        Routes routes = new Routes(layers.links);
        for (Link link : layers.links) {
            for (double[] point : points(routes.path(link))) {
                // a rank's boxes are the only ones at that height
                for (Item item : link.way()) {
                    if (point[1] < item.rankTop || point[1] > item.rankBottom) {
                        continue;
                    }
                    for (Item box : layers.ranks.get(item.rank)) {
                        boolean inside = point[0] > box.left() - 1
                                && point[0] < box.right() + 1
                                && point[1] > box.top() + 0.1
                                && point[1] < box.bottom() - 0.1;
                        assertFalse(inside && !link.way().contains(box), "an edge runs through what is not its own");
                    }
                }
            }
        }
    }

    /** Points on a path, a few for each of its curves. */
    private static List<double[]> points(String path) {
        List<double[]> points = new ArrayList<>();
        double x = 0;
        double y = 0;
        String[] words = path.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            switch (word.charAt(0)) {
                case 'M' -> {
                    x = pair(word.substring(1))[0];
                    y = pair(word.substring(1))[1];
                }
                case 'V' -> {
                    double to = Double.parseDouble(word.substring(1));
                    for (int step = 0; step <= 8; step++) {
                        points.add(new double[] {x, y + (to - y) * step / 8});
                    }
                    y = to;
                }
                default -> {
                    double[] end = pair(words[i + 2]);
                    for (int step = 0; step <= 8; step++) {
                        double t = step / 8.0;
                        double swing = t * t * (3 - 2 * t);
                        points.add(new double[] {x + (end[0] - x) * swing, y + (end[1] - y) * t});
                    }
                    x = end[0];
                    y = end[1];
                    i += 2;
                }
            }
        }
        return points;
    }

    private static double[] pair(String word) {
        String[] numbers = word.split(",", -1);
        return new double[] {Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1])};
    }

    @ParameterizedTest
    @MethodSource("views")
    void isOneWellFormedDocumentForOneView(GraphView view) throws Exception {
        String svg = GraphSvg.draw(view);
        assertEquals(svg, GraphSvg.draw(GraphJson.parse(GraphJson.compact(view))));
        assertTrue(svg.chars().allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f)));
        Document document = DocumentBuilderFactory.newDefaultNSInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertEquals("svg", document.getDocumentElement().getLocalName());
        NodeList titles = document.getElementsByTagName("title");
        assertEquals(1 + view.nodes().size() + view.roots().size(), titles.getLength());
        assertEquals("Block graph, version " + view.version(), titles.item(0).getTextContent());
    }

    @Test
    void tellsTheTextsAsTheyAre() throws Exception {
        String odd = "<a b=\"c\">&amp;]]> \\ '\u00fc\ud83d\udcbe";
        NodeView node = new NodeView(odd, odd, Map.of("o", odd + "\nx"), false, false, false, true, 1, List.of());
        RootView root = new RootView(odd, "job", odd, List.of(), List.of(), true, 5, 6);
        String svg = GraphSvg.draw(new GraphView(1, List.of(node), List.of(root)));
        Document document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        List<String> texts = new ArrayList<>();
        for (String name : List.of("text", "title")) {
            NodeList found = document.getElementsByTagName(name);
            for (int i = 0; i < found.getLength(); i++) {
                texts.add(found.item(i).getTextContent());
            }
        }
        assertEquals(2, texts.stream().filter(odd::equals).count(), texts.toString());
        assertTrue(texts.contains(odd + ": " + odd + "\no=" + odd + "\nx"), texts.toString());
        assertTrue(texts.contains("5 in flight, 6 parked"), texts.toString());
        assertEquals(2, texts.stream().filter("GATED"::equals).count(), texts.toString());
    }

    @Test
    void aColumnIsStraightAndATreeHasNoCrossing() {
        Layers chain = GraphSvg.laidOut(Samples.chain(8));
        for (Box box : chain.boxes) {
            assertEquals(chain.boxes.getFirst().item().x, box.item().x, 0.1, box.name());
        }
        for (GraphView view : List.of(Samples.fan(), Samples.demo(), Samples.sharedBase(), Samples.longNames())) {
            assertEquals(0, Crossings.count(GraphSvg.laidOut(view).ranks));
        }
    }

    @Test
    void crossingsAreCounted() {
        List<Item> upper = List.of(new Item(0, 1, 1), new Item(0, 1, 1), new Item(0, 1, 1));
        List<Item> lower = List.of(new Item(1, 1, 1), new Item(1, 1, 1), new Item(1, 1, 1));
        for (int i = 0; i < 3; i++) {
            upper.get(i).order = i;
            lower.get(i).order = i;
            Item.link(upper.get(i), lower.get(2 - i));
        }
        assertEquals(3, Crossings.count(upper, 3));
        Item.link(upper.getFirst(), lower.getFirst()); // crosses none: the others end right of it, or begin with it
        assertEquals(3, Crossings.count(upper, 3));
        Item.link(upper.getLast(), lower.getLast());
        assertEquals(3, Crossings.count(upper, 3));
    }

    @Test
    void refusesAnEdgeThatLeadsNowhere() {
        EdgeView edge = new EdgeView("file", "nobody", List.of(), List.of(), List.of(), null);
        NodeView node = new NodeView("a", "raw", Map.of(), false, false, false, false, 1, List.of(edge));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> GraphSvg.draw(new GraphView(1, List.of(node), List.of())));
        assertTrue(String.valueOf(e.getMessage()).contains("'nobody'"), e.getMessage());
    }
}
