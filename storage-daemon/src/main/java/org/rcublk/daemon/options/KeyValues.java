// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The key=value syntax of QEMU's options: {@code driver=raw,file.driver=file,file.filename=a,,b}. A dot in a key goes
 * one object down, a number in it makes a list, {@code ,,} in a value is a comma, and the first entry may leave out
 * its key where the option has one for that. All values are strings. A text that begins with <code>{</code> is JSON.
 */
public final class KeyValues {
    private static final Pattern FRAGMENT = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*|0|[1-9][0-9]{0,3}");
    private static final Pattern INDEX = Pattern.compile("[0-9]+");

    private final String where;
    private final Map<String, Object> root = new LinkedHashMap<>();

    private KeyValues(String where) {
        this.where = where;
    }

    /**
     * Whether the text is JSON, whose values have types.
     *
     * @param text an option's value
     * @return whether it begins with a brace
     */
    public static boolean isJson(String text) {
        return text.startsWith("{");
    }

    /**
     * Parses an option's value.
     *
     * @param where the option, for messages
     * @param text key=value pairs or JSON
     * @param firstKey the key that the first entry may leave out, or null
     * @return the value, a new mutable map
     * @throws ArgumentException when it is malformed or a key occurs twice
     */
    public static Map<String, Object> parse(String where, String text, @Nullable String firstKey) {
        if (isJson(text)) {
            return Json.object(where, text);
        }
        if (text.isEmpty()) {
            throw new ArgumentException(where + ": the value is empty: give key=value pairs, separated by commas");
        }
        KeyValues parsed = new KeyValues(where);
        List<String> entries = split(text);
        for (int i = 0; i < entries.size(); i++) {
            parsed.entry(entries.get(i), i == 0 ? firstKey : null);
        }
        return parsed.withLists(parsed.root, "");
    }

    /** Splits at single commas and undoubles double ones. */
    private static List<String> split(String text) {
        List<String> entries = new ArrayList<>();
        StringBuilder entry = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ',') {
                entry.append(c);
            } else if (i + 1 < text.length() && text.charAt(i + 1) == ',') {
                entry.append(',');
                i++;
            } else {
                entries.add(entry.toString());
                entry.setLength(0);
            }
        }
        if (!entry.isEmpty()) { // a comma at the end separates nothing, as in QEMU
            entries.add(entry.toString());
        }
        return entries;
    }

    private void entry(String entry, @Nullable String impliedKey) {
        int equals = entry.indexOf('=');
        String key = equals < 0 ? impliedKey : entry.substring(0, equals);
        if (key == null) {
            throw new ArgumentException(
                    where + ": '" + entry + "' has no '=': write key=value (a comma is written ,,)");
        }
        put(key, entry.substring(equals + 1));
    }

    private void put(String key, String value) {
        String[] path = key.split("\\.", -1);
        Map<String, Object> at = root;
        for (int i = 0; i < path.length; i++) {
            if (!FRAGMENT.matcher(path[i]).matches()) {
                throw new ArgumentException(where + ": '" + key + "' is not a key: use letters, digits, '-' and '_',"
                        + " with single dots between parts");
            }
            if (i < path.length - 1) {
                at = below(at, path[i], key);
            } else if (at.putIfAbsent(path[i], value) != null) {
                throw new ArgumentException(where + ": key '" + key + "' is given twice: keep one");
            }
        }
    }

    @SuppressWarnings("unchecked") // put() stores strings and these maps
    private Map<String, Object> below(Map<String, Object> at, String part, String key) {
        Object next = at.computeIfAbsent(part, p -> new LinkedHashMap<String, Object>());
        if (next instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new ArgumentException(
                where + ": '" + part + "' has a value, so '" + key + "' cannot be given too: keep one");
    }

    /** Replaces the maps below whose keys are all numbers by lists. */
    private Map<String, Object> withLists(Map<String, Object> map, String path) {
        map.replaceAll((key, value) -> listOrValue(value, path + key));
        if (path.isEmpty()
                && map.keySet().stream().anyMatch(k -> INDEX.matcher(k).matches())) {
            throw new ArgumentException(where + ": a key cannot begin with a number: name what the list belongs to");
        }
        return map;
    }

    @SuppressWarnings("unchecked") // put() stores strings and these maps
    private Object listOrValue(Object value, String path) {
        if (!(value instanceof Map<?, ?> untyped)) {
            return value;
        }
        Map<String, Object> map = withLists((Map<String, Object>) untyped, path + ".");
        long indices =
                map.keySet().stream().filter(k -> INDEX.matcher(k).matches()).count();
        if (indices == 0) {
            return map;
        }
        if (indices < map.size()) {
            throw new ArgumentException(where + ": '" + path + "' has both numbers and names below it: use one kind");
        }
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < map.size(); i++) {
            Object element = map.get(Integer.toString(i));
            if (element == null) {
                throw new ArgumentException(
                        where + ": '" + path + "." + i + "' is missing: number from 0 without gaps");
            }
            list.add(element);
        }
        return list;
    }
}
