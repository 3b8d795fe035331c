// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * Options in one form: as JSON nests them. Dotted keys, as on a command line ({@code file.filename=x}), are unfolded; both
 * forms may be mixed as long as nothing is said twice.
 */
@AnyThread
final class OptionTree {
    /** How deep children may nest. */
    static final int MAX_DEPTH = 64;

    private OptionTree() {}

    static Map<String, @Nullable Object> unfold(Map<String, ? extends @Nullable Object> options) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        merge(tree, options, "", 0);
        return tree;
    }

    private static void merge(
            Map<String, @Nullable Object> into, Map<?, ? extends @Nullable Object> from, String path, int depth) {
        if (depth > MAX_DEPTH) {
            throw tooDeep(path);
        }
        for (Map.Entry<?, ? extends @Nullable Object> entry : from.entrySet()) {
            put(into, String.valueOf(entry.getKey()), entry.getValue(), path, depth);
        }
    }

    private static void put(
            Map<String, @Nullable Object> into, String key, @Nullable Object value, String path, int depth) {
        String[] parts = key.split("\\.", MAX_DEPTH + 2);
        if (depth + parts.length - 1 > MAX_DEPTH) {
            throw tooDeep(path + key);
        }
        Map<String, @Nullable Object> at = into;
        for (int i = 0; i < parts.length - 1; i++) {
            at = descend(at, parts[i], path + key);
        }
        String last = parts[parts.length - 1];
        if (last.isEmpty()) {
            throw new OptionException("option '" + path + key + "' has an empty name: name it");
        }
        if (value instanceof Map<?, ?> nested) {
            merge(descend(at, last, path + key), nested, path + key + ".", depth + parts.length);
        } else if (at.containsKey(last)) {
            throw twice(path + key);
        } else {
            at.put(last, value);
        }
    }

    @SuppressWarnings("unchecked") // every map in the tree was made here
    private static Map<String, @Nullable Object> descend(Map<String, @Nullable Object> from, String name, String path) {
        if (!from.containsKey(name)) {
            from.put(name, new LinkedHashMap<String, @Nullable Object>());
        }
        if (from.get(name) instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw twice(path);
    }

    private static OptionException twice(String path) {
        return new OptionException("option '" + path
                + "' is given twice, or both as a value and with options of its own:" + " give it once");
    }

    private static OptionException tooDeep(String path) {
        int shown = Math.min(40, path.length());
        return new OptionException("options nest deeper than " + MAX_DEPTH + " levels at '" + path.substring(0, shown)
                + "...': nest less");
    }

    /** The options that are no maps, each by its dotted name. */
    static Map<String, @Nullable Object> fold(Map<String, @Nullable Object> tree) {
        Map<String, @Nullable Object> leaves = new LinkedHashMap<>();
        fold(tree, "", leaves);
        return leaves;
    }

    private static void fold(Map<?, ?> tree, String path, Map<String, @Nullable Object> leaves) {
        for (Map.Entry<?, ?> entry : tree.entrySet()) {
            if (entry.getValue() instanceof Map<?, ?> nested && !nested.isEmpty()) {
                fold(nested, path + entry.getKey() + ".", leaves);
            } else {
                leaves.put(path + entry.getKey(), entry.getValue());
            }
        }
    }

    /** A value by its dotted name. */
    static @Nullable Object find(Map<String, @Nullable Object> tree, String name) {
        Object at = tree;
        for (String part : List.of(name.split("\\.", -1))) {
            at = at instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return at;
    }

    static List<String> sorted(Iterable<String> names) {
        List<String> list = new ArrayList<>();
        names.forEach(list::add);
        list.sort(null);
        return list;
    }
}
