// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes typed values out of a map by key, and in the end refuses the keys that nobody took. Where the values came from
 * key=value pairs they are strings and are converted; JSON's must have the right type. Not thread-safe.
 */
public final class Arguments {
    private final String where;
    private final String prefix;
    private final boolean text;
    private final Map<String, Object> left;

    private Arguments(String where, String prefix, boolean text, Map<String, Object> values) {
        this.where = where;
        this.prefix = prefix;
        this.text = text;
        this.left = new LinkedHashMap<>(values);
    }

    /**
     * The value of a command-line option.
     *
     * @param option the option, for messages
     * @param value key=value pairs or JSON
     * @param firstKey the key that the first entry may leave out, or null
     * @return the arguments
     * @throws ArgumentException when the value is malformed
     */
    public static Arguments ofOption(String option, String value, @Nullable String firstKey) {
        return new Arguments(option, "", !KeyValues.isJson(value), KeyValues.parse(option, value, firstKey));
    }

    /**
     * The arguments of a monitor command.
     *
     * @param command the command, for messages
     * @param values values as {@link JsonTree} makes them
     * @return the arguments
     */
    public static Arguments ofJson(String command, Map<String, Object> values) {
        return new Arguments(command, "", false, values);
    }

    /**
     * Whether a key is there and not taken.
     *
     * @param key the key
     * @return whether it is
     */
    public boolean has(String key) {
        return left.containsKey(key);
    }

    /**
     * Takes a string that must be there.
     *
     * @param key the key
     * @return the value, not empty
     * @throws ArgumentException when it is missing, empty or no string
     */
    public String string(String key) {
        String value = optionalString(key);
        if (value == null) {
            throw missing(key);
        }
        if (value.isEmpty()) {
            throw new ArgumentException(name(key) + " is empty: give it a value");
        }
        return value;
    }

    /**
     * Takes a string.
     *
     * @param key the key
     * @return the value, or null when it is missing
     * @throws ArgumentException when it is no string
     */
    public @Nullable String optionalString(String key) {
        Object value = left.remove(key);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrongType(key, "a string", value);
    }

    /**
     * Takes a switch.
     *
     * @param key the key
     * @param otherwise the value when it is missing
     * @return the value
     * @throws ArgumentException when it is neither on nor off
     */
    public boolean flag(String key, boolean otherwise) {
        Object value = left.remove(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (text && value instanceof String word) {
            return switch (word) {
                case "on", "yes", "true", "y" -> true;
                case "off", "no", "false", "n" -> false;
                default -> throw new ArgumentException(name(key) + " is '" + word + "': use on or off");
            };
        }
        throw wrongType(key, text ? "on or off" : "true or false", value);
    }

    /**
     * Takes an integer.
     *
     * @param key the key
     * @param otherwise the value when it is missing
     * @param least the least value allowed
     * @param most the largest value allowed
     * @return the value
     * @throws ArgumentException when it is no integer or out of range
     */
    public long number(String key, long otherwise, long least, long most) {
        Object value = left.remove(key);
        if (value == null) {
            return otherwise;
        }
        long number;
        if (value instanceof Long whole) {
            number = whole;
        } else if (text && value instanceof String digits) {
            number = parse(key, digits);
        } else {
            throw wrongType(key, "a whole number", value);
        }
        if (number < least || number > most) {
            throw new ArgumentException(name(key) + " is " + number + ": use a number from " + least + " to " + most);
        }
        return number;
    }

    /**
     * Takes an object that must be there.
     *
     * @param key the key
     * @return the object
     * @throws ArgumentException when it is missing or no object
     */
    @SuppressWarnings("unchecked") // maps made from options or JSON have strings for keys
    public Map<String, Object> map(String key) {
        Object value = left.remove(key);
        if (value == null) {
            throw missing(key);
        }
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw wrongType(key, "an object", value);
    }

    /**
     * Takes an object that must be there, to take its values in turn; call {@link #end} on it too.
     *
     * @param key the key
     * @return the object
     * @throws ArgumentException when it is missing or no object
     */
    public Arguments below(String key) {
        return new Arguments(where, prefix + key + ".", text, map(key));
    }

    /**
     * Takes a list of objects that must be there.
     *
     * @param key the key
     * @return the objects
     * @throws ArgumentException when it is missing or anything else
     */
    @SuppressWarnings("unchecked") // as of map
    public List<Map<String, Object>> maps(String key) {
        Object value = left.remove(key);
        if (value == null) {
            throw missing(key);
        }
        if (!(value instanceof List<?> list)) {
            throw wrongType(key, "a list of objects", value);
        }
        List<Map<String, Object>> maps = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> map)) {
                throw wrongType(key, "a list of objects", element);
            }
            maps.add((Map<String, Object>) map);
        }
        return maps;
    }

    /**
     * Takes a string or a list of strings.
     *
     * @param key the key
     * @return the strings, none when it is missing
     * @throws ArgumentException when it is anything else or an empty list
     */
    public List<String> strings(String key) {
        Object value = left.remove(key);
        if (value == null) {
            return List.of();
        }
        List<String> strings = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : List.of(value)) {
            if (!(element instanceof String string) || string.isEmpty()) {
                throw wrongType(key, "a string or a list of strings", element);
            }
            strings.add(string);
        }
        if (strings.isEmpty()) {
            throw new ArgumentException(name(key) + " is an empty list: leave it out or name at least one");
        }
        return strings;
    }

    /**
     * Takes all that is left as it is.
     *
     * @return a new mutable map
     */
    public Map<String, Object> rest() {
        Map<String, Object> rest = new LinkedHashMap<>(left);
        left.clear();
        return rest;
    }

    /**
     * Ends the taking.
     *
     * @throws ArgumentException when a key is left that nobody knows
     */
    public void end() {
        if (!left.isEmpty()) {
            throw new ArgumentException(where + ": unknown key '" + prefix
                    + left.keySet().iterator().next() + "': remove it");
        }
    }

    /**
     * An error about a key.
     *
     * @param key the key
     * @param problem what is wrong with it and the mend
     * @return the exception, for the caller to throw
     */
    public ArgumentException error(String key, String problem) {
        return new ArgumentException(name(key) + " " + problem);
    }

    private long parse(String key, String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new ArgumentException(name(key) + " is '" + digits + "': use a whole number");
        }
    }

    private String name(String key) {
        return where + ": '" + prefix + key + "'";
    }

    private ArgumentException missing(String key) {
        return new ArgumentException(name(key) + " is missing: add it");
    }

    private ArgumentException wrongType(String key, String expected, Object value) {
        return new ArgumentException(name(key) + " must be " + expected + ", not " + kind(value));
    }

    private static String kind(Object value) {
        return switch (value) {
            case Map<?, ?> map -> "an object";
            case List<?> list -> "a list";
            case String string -> "the string '" + string + "'";
            default -> value.toString();
        };
    }
}
