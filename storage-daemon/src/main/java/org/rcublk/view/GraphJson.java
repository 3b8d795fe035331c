// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rcublk.annotation.AnyThread;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/**
 * Views in JSON, and back: {@code parse(compact(view))} equals {@code view}. What is not known, a size or a count, is left
 * out, and so is what freezes an edge when nothing does.
 *
 * <p>Reading is strict about what it knows and passes over keys that it does not know, so that a later program may add
 * some. It is bounded: {@value #MAX_LENGTH} characters, {@value #MAX_DEPTH} levels.
 */
@AnyThread
public final class GraphJson {
    /** How many characters a text may have: about a hundred thousand nodes. */
    public static final int MAX_LENGTH = 64 << 20;

    /** How deep objects and arrays may be nested; a view needs six. */
    public static final int MAX_DEPTH = 16;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNameLength(1024)
                            .maxNumberLength(32)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final ObjectWriter PRETTY = MAPPER.writer(prettyPrinter());

    private GraphJson() {}

    /**
     * A view as values that JSON has, for whoever writes them.
     *
     * @param view the view
     * @return maps and lists, in a fixed order
     */
    public static Map<String, Object> toMap(GraphView view) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("version", view.version());
        map.put("roots", view.roots().stream().map(GraphJson::root).toList());
        map.put("nodes", view.nodes().stream().map(GraphJson::node).toList());
        return map;
    }

    /**
     * A view in JSON, in one line.
     *
     * @param view the view
     * @return the text; one view has one text
     */
    public static String compact(GraphView view) {
        return write(MAPPER.writer(), view);
    }

    /**
     * A view in JSON, for people.
     *
     * @param view the view
     * @return indented text, without a newline at its end; one view has one text
     */
    public static String pretty(GraphView view) {
        return write(PRETTY, view);
    }

    /**
     * Reads a view.
     *
     * @param text what {@link #compact} or {@link #pretty} made, or a later program
     * @return the view: names are unique, edges and roots lead to nodes that exist, and no node reaches itself
     * @throws GraphJsonException when the text is no such view
     */
    public static GraphView parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new GraphJsonException("graph: the JSON is longer than " + MAX_LENGTH + " characters");
        }
        JsonNode tree;
        try {
            tree = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new GraphJsonException("graph: malformed JSON: " + explain(e), e);
        }
        JsonFields graph = JsonFields.of(tree, "graph");
        List<NodeView> nodes = graph.list("nodes", GraphJson::node);
        List<RootView> roots = graph.list("roots", GraphJson::root);
        GraphView view = new GraphView(graph.number("version", 0), nodes, roots);
        ViewCheck.check(view);
        return view;
    }

    private static Map<String, Object> root(RootView root) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", root.id());
        map.put("kind", root.kind());
        map.put("node", root.node());
        map.put("used", root.used());
        map.put("shared", root.shared());
        map.put("gated", root.gated());
        known(map, "in-flight", root.inFlight());
        known(map, "parked", root.parked());
        return map;
    }

    private static Map<String, Object> node(NodeView node) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", node.name());
        map.put("driver", node.driver());
        map.put("options", new TreeMap<>(node.options()));
        map.put("filter", node.filter());
        map.put("implicit", node.implicit());
        map.put("read-only", node.readOnly());
        map.put("gated", node.gated());
        known(map, "size", node.size());
        List<Map<String, Object>> children = new ArrayList<>();
        for (EdgeView edge : node.children()) {
            children.add(edge(edge));
        }
        map.put("children", children);
        return map;
    }

    private static Map<String, Object> edge(EdgeView edge) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", edge.name());
        map.put("child", edge.child());
        map.put("roles", edge.roles());
        map.put("used", edge.used());
        map.put("shared", edge.shared());
        if (edge.frozenBy() != null) {
            map.put("frozen-by", edge.frozenBy());
        }
        return map;
    }

    private static void known(Map<String, Object> map, String key, long value) {
        if (value >= 0) {
            map.put(key, value);
        }
    }

    private static RootView root(JsonFields root) {
        return new RootView(
                root.text("id"),
                root.text("kind"),
                root.text("node"),
                root.words("used"),
                root.words("shared"),
                root.flag("gated"),
                root.number("in-flight", -1),
                root.number("parked", -1));
    }

    private static NodeView node(JsonFields node) {
        return new NodeView(
                node.text("name"),
                node.text("driver"),
                node.texts("options"),
                node.flag("filter"),
                node.flag("implicit"),
                node.flag("read-only"),
                node.flag("gated"),
                node.number("size", -1),
                node.list("children", GraphJson::edge));
    }

    private static EdgeView edge(JsonFields edge) {
        return new EdgeView(
                edge.text("name"),
                edge.text("child"),
                edge.words("roles"),
                edge.words("used"),
                edge.words("shared"),
                edge.optionalText("frozen-by"));
    }

    private static String write(ObjectWriter writer, GraphView view) {
        try {
            return writer.writeValueAsString(toMap(view));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists, texts and numbers cannot be written", e);
        }
    }

    private static String explain(JsonProcessingException error) {
        String what = error.getOriginalMessage().lines().findFirst().orElse("");
        return error.getLocation() == null
                ? what
                : what + " (line " + error.getLocation().getLineNr() + ", column "
                        + error.getLocation().getColumnNr() + ")";
    }

    /** The same line ends on every system. */
    private static DefaultPrettyPrinter prettyPrinter() {
        return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    }
}
