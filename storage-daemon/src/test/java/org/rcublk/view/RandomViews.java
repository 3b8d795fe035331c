// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.rcublk.view.GraphView.EdgeView;
import org.rcublk.view.GraphView.NodeView;
import org.rcublk.view.GraphView.RootView;

/** Views that no graph would have, by a seed: any texts, any edges that make no cycle. */
final class RandomViews {
    private static final String[] TEXTS = {
        "a",
        "disk0",
        "\"",
        "\\",
        "a\"b\\n",
        "<b>&amp;</b>",
        "]]>",
        "#35;",
        "`x`",
        "%%{init}%%",
        "end",
        "\n",
        "\t",
        "\u0000",
        "\u001b[31m",
        "\ud800",
        "\ufffe",
        "\u00fc\u4e2d",
        "\ud83d\udcbe",
        "|",
        "--> x",
        "- item",
        "{}",
        " "
    };
    private static final List<String> WORDS = List.of("consistent-read", "write", "write-unchanged", "resize");
    private static final List<String> ROLES = List.of("data", "metadata", "filtered", "cow", "primary");

    private final Random random;

    private RandomViews(long seed) {
        random = new Random(seed);
    }

    static GraphView view(long seed, int nodes, int roots) {
        return new RandomViews(seed).view(nodes, roots);
    }

    private GraphView view(int nodes, int roots) {
        List<NodeView> all = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            List<EdgeView> children = new ArrayList<>();
            for (int edge = i == 0 ? 0 : random.nextInt(3); edge > 0; edge--) {
                // mostly near ones, as chains are
                int child = random.nextInt(4) == 0 ? random.nextInt(i) : Math.max(0, i - 1 - random.nextInt(5));
                children.add(new EdgeView(
                        text(),
                        name(child),
                        some(ROLES),
                        some(WORDS),
                        some(WORDS),
                        random.nextInt(8) == 0 ? text() : null));
            }
            all.add(new NodeView(
                    name(i),
                    text(),
                    options(),
                    random.nextInt(4) == 0,
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextInt(8) == 0,
                    random.nextInt(5) == 0 ? -1 : random.nextLong() >>> (1 + random.nextInt(63)),
                    children));
        }
        List<RootView> tops = new ArrayList<>();
        for (int i = 0; i < roots; i++) {
            tops.add(new RootView(
                    i + text(),
                    "export",
                    name(random.nextInt(nodes)),
                    some(WORDS),
                    some(WORDS),
                    random.nextBoolean(),
                    random.nextInt(3) - 1L,
                    random.nextInt(3) - 1L));
        }
        return new GraphView(random.nextInt(1000), all, tops);
    }

    private static String name(int i) {
        return i % 5 == 0 ? i + TEXTS[i % TEXTS.length] : "node-" + i;
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private Map<String, String> options() {
        Map<String, String> options = new HashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            options.put(text() + i, text() + text());
        }
        if (random.nextInt(3) == 0) {
            options.put("filename", "/d/" + text() + "x".repeat(random.nextInt(60)));
        }
        return options;
    }

    private List<String> some(List<String> of) {
        return of.stream().filter(word -> random.nextBoolean()).toList();
    }
}
