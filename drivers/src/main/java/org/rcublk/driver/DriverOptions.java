// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import io.vavr.collection.HashMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * The options of one node while they are read: each accessor checks one option and notes that the driver knows it, so that
 * {@link #requireAllKnown} can name what is left over. The path is where the node stands in what the user wrote, such as
 * {@code file.}, and precedes the names of options in messages.
 */
@AnyThread
final class DriverOptions {
    private final Map<String, @Nullable Object> tree;
    private final String path;
    private final String driver;
    private final TreeSet<String> known = new TreeSet<>();
    private final TreeSet<String> children = new TreeSet<>();

    DriverOptions(Map<String, @Nullable Object> tree, String path, String driver) {
        this.tree = tree;
        this.path = path;
        this.driver = driver;
    }

    String path() {
        return path;
    }

    String driver() {
        return driver;
    }

    /** An option as it is, or null. */
    @Nullable
    Object raw(String name) {
        known.add(name);
        return OptionTree.find(tree, name);
    }

    /** What stands for a child: a node's name, a tree, or null. */
    @Nullable
    Object child(String name) {
        children.add(name);
        return tree.get(name);
    }

    @Nullable
    String text(String name) {
        Object value = raw(name);
        if (value == null && !has(name)) {
            return null;
        }
        if (value instanceof String text) {
            return text;
        }
        throw bad(name, value, "text");
    }

    String requiredText(String name) {
        String text = text(name);
        if (text == null || text.isEmpty()) {
            throw new OptionException("driver '" + driver + "' needs the option '" + path + name + "': give it");
        }
        return text;
    }

    boolean flag(String name, boolean otherwise) {
        Object value = raw(name);
        if (value == null && !has(name)) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof String text) {
            switch (text) {
                case "on", "true", "yes", "y" -> {
                    return true;
                }
                case "off", "false", "no", "n" -> {
                    return false;
                }
                default -> {}
            }
        }
        throw bad(name, value, "on or off");
    }

    /** One of some words; a boolean stands for on and off. */
    String choice(String name, String otherwise, String... allowed) {
        Object value = raw(name);
        if (value == null && !has(name)) {
            return otherwise;
        }
        Object word = value instanceof Boolean flag ? (flag ? "on" : "off") : value;
        if (word instanceof String text && Arrays.asList(allowed).contains(text)) {
            return text;
        }
        throw bad(name, value, allowed.length == 1 ? allowed[0] : "one of " + String.join(", ", allowed));
    }

    long size(String name, long otherwise, long smallest, long largest) {
        return number(name, otherwise, smallest, largest, "a size such as 65536, 64k or 1G");
    }

    long number(String name, long otherwise, long smallest, long largest) {
        return number(name, otherwise, smallest, largest, "a number");
    }

    private long number(String name, long otherwise, long smallest, long largest, String kind) {
        Object value = raw(name);
        if (value == null && !has(name)) {
            return otherwise;
        }
        Long number = switch (value) {
            case Long wide -> wide;
            case Integer narrow -> narrow.longValue();
            case String text -> Sizes.parse(text);
            case null, default -> null;
        };
        if (number == null) {
            throw bad(name, value, kind);
        }
        if (number < smallest || number > largest) {
            throw bad(name, value, kind + " from " + smallest + " to " + largest);
        }
        return number;
    }

    boolean has(String name) {
        int dot = name.lastIndexOf('.');
        Object holder = dot < 0 ? tree : OptionTree.find(tree, name.substring(0, dot));
        return holder instanceof Map<?, ?> map && map.containsKey(name.substring(dot + 1));
    }

    OptionException bad(String name, @Nullable Object value, String expected) {
        String shown = value instanceof Map ? "options of its own" : "'" + value + "'";
        return new OptionException(
                "option '" + path + name + "' of driver '" + driver + "' is " + shown + ": it must be " + expected);
    }

    /** Refuses what no accessor asked for. */
    void requireAllKnown() {
        for (String name : OptionTree.fold(tree).keySet()) {
            int dot = name.indexOf('.');
            if (!known.contains(name) && !children.contains(dot < 0 ? name : name.substring(0, dot))) {
                TreeSet<String> all = new TreeSet<>(known);
                all.addAll(children);
                throw new OptionException("option '" + path + name + "' is not known to driver '" + driver
                        + "', whose options are " + String.join(", ", all) + ": correct or remove it");
            }
        }
    }

    /** What the node keeps to show: everything but children, by dotted names. */
    io.vavr.collection.Map<String, Object> kept() {
        io.vavr.collection.Map<String, Object> kept = HashMap.empty();
        for (Map.Entry<String, @Nullable Object> leaf : OptionTree.fold(tree).entrySet()) {
            Object value = leaf.getValue();
            boolean ofChild =
                    children.contains(List.of(leaf.getKey().split("\\.", -1)).getFirst());
            if (value != null && !ofChild) {
                kept = kept.put(leaf.getKey(), value);
            }
        }
        return kept;
    }
}
