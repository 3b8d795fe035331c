// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses nodes: by a label ({@code @IoThreadOnly}, {@code blocking}, {@code allocation}), or by a regular expression for the
 * name, with or without package and parameter list. {@code IoThread.run}, {@code org\.rcublk\.io\..*} and
 * {@code ReadDomain.upRead(int, long)} are such expressions. Nested classes are named with {@code $} or with a dot.
 */
public final class Selector {
    private static final Pattern WITH_PARAMETERS = Pattern.compile("(.*[\\w>])\\(([\\w.$\\[\\], ]*)\\)");
    private static final Pattern LABEL = Pattern.compile("@\\w+");

    private final String text;
    private final @Nullable String label;
    private final @Nullable Pattern pattern;
    private final @Nullable String parameters;

    private Selector(String text, @Nullable String label, @Nullable Pattern pattern, @Nullable String parameters) {
        this.text = text;
        this.label = label;
        this.pattern = pattern;
        this.parameters = parameters;
    }

    /**
     * Reads a selector.
     *
     * @param text a label or a regular expression
     * @return the selector
     * @throws CallGraphException if it is neither
     */
    public static Selector of(String text) throws CallGraphException {
        String plain = text.strip();
        if (plain.isEmpty()) {
            throw new CallGraphException("an empty selector: use @Label, 'blocking', 'allocation' or Class.method");
        }
        if (plain.equals(Node.BLOCKING) || plain.equals(Node.ALLOCATION) || plain.startsWith("@")) {
            if (plain.startsWith("@") && !LABEL.matcher(plain).matches()) {
                throw new CallGraphException("'" + plain + "' is no label: use @ and the annotation's simple name");
            }
            return new Selector(plain, plain, null, null);
        }
        Matcher split = WITH_PARAMETERS.matcher(plain);
        boolean withParameters = split.matches();
        String name = withParameters ? split.group(1) : plain;
        try {
            Pattern pattern = Pattern.compile("(?:[^(]*\\.)?(?:" + name + ")");
            return new Selector(plain, null, pattern, withParameters ? split.group(2) : null);
        } catch (PatternSyntaxException e) {
            throw new CallGraphException(
                    "'" + plain + "' is no regular expression: " + e.getDescription() + ": quote it with \\", e);
        }
    }

    static Selector ofLabel(String label) {
        return new Selector(label, label, null, null);
    }

    /**
     * Whether a node is chosen.
     *
     * @param node the node
     * @return true if it is
     */
    public boolean test(Node node) {
        if (pattern == null) {
            return node.labels().contains(label);
        }
        String name = node.name();
        boolean fits = fits(pattern, name) || (name.indexOf('$') >= 0 && fits(pattern, name.replace('$', '.')));
        if (parameters == null) {
            return fits || (text.contains("\\(") && fits(pattern, name + node.parameters()));
        }
        return fits && sameParameters(parameters, node.parameters());
    }

    private static boolean fits(Pattern pattern, String name) {
        return pattern.matcher(name).matches();
    }

    private static boolean sameParameters(String wanted, String found) {
        if (found.isEmpty()) {
            return false; // a field
        }
        String plain = found.substring(1, found.length() - 1);
        String[] left = wanted.strip().split("\\s*,\\s*", -1);
        String[] right = plain.split(", ", -1);
        if (left.length != right.length) {
            return false;
        }
        for (int i = 0; i < left.length; i++) {
            String type = right[i];
            if (!type.equals(left[i]) && !type.endsWith("." + left[i]) && !type.endsWith("$" + left[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Sees to it that the selector is about something in the graph. A threading rule, {@code blocking} and {@code allocation} always
     * are: that nothing has them is a good answer.
     *
     * @param graph the graph
     * @throws CallGraphException if nothing matches
     */
    public void requireMeaning(CallGraph graph) throws CallGraphException {
        boolean known = label != null && (!label.startsWith("@") || Rules.THREADS.contains(label.substring(1)));
        if (!known) {
            in(graph);
        }
    }

    /**
     * The nodes of a graph that are chosen.
     *
     * @param graph the graph
     * @return at least one
     * @throws CallGraphException if there is none
     */
    public List<Node> in(CallGraph graph) throws CallGraphException {
        List<Node> chosen = graph.nodes().stream().filter(this::test).collect(Collectors.toList());
        if (chosen.isEmpty()) {
            String mend = label == null
                    ? "mend the expression, or --include its package; labels are 'blocking', 'allocation' and @Annotation"
                    : "no method has that label; annotations are named by their simple names";
            throw new CallGraphException("nothing matches '" + text + "': " + mend);
        }
        return chosen;
    }

    @Override
    public String toString() {
        return text;
    }
}
