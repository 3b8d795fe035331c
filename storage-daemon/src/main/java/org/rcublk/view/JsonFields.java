// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One object of a JSON text, read by key; what is wrong with a value is told with its place.
 *
 * @param object the object
 * @param path where it stands, for messages
 */
record JsonFields(JsonNode object, String path) {
    static JsonFields of(JsonNode value, String path) {
        if (!value.isObject()) {
            throw new GraphJsonException(path + " is not a JSON object");
        }
        return new JsonFields(value, path);
    }

    String text(String key) {
        String text = optionalText(key);
        if (text == null) {
            throw wrong(key, "is missing");
        }
        return text;
    }

    @Nullable
    String optionalText(String key) {
        JsonNode value = object.get(key);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong(key, "is not a text");
        }
        return value.textValue();
    }

    boolean flag(String key) {
        JsonNode value = object.get(key);
        if (value == null || !value.isBoolean()) {
            throw wrong(key, "is not true or false");
        }
        return value.booleanValue();
    }

    /** A number of 0 or more; when it is missing, the given one. */
    long number(String key, long otherwise) {
        JsonNode value = object.get(key);
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw wrong(key, "is not a number from 0 to " + Long.MAX_VALUE);
        }
        return value.longValue();
    }

    List<String> words(String key) {
        List<String> words = new ArrayList<>();
        for (JsonNode value : array(key)) {
            if (!value.isTextual()) {
                throw wrong(key, "holds what is not a text");
            }
            words.add(value.textValue());
        }
        return words;
    }

    Map<String, String> texts(String key) {
        JsonNode value = object.get(key);
        if (value == null || !value.isObject()) {
            throw wrong(key, "is not a JSON object");
        }
        JsonFields inner = new JsonFields(value, path + "." + key);
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            texts.put(entry.getKey(), inner.text(entry.getKey()));
        }
        return texts;
    }

    <T> List<T> list(String key, Function<JsonFields, T> reader) {
        List<T> list = new ArrayList<>();
        for (JsonNode value : array(key)) {
            list.add(reader.apply(of(value, path + "." + key + "[" + list.size() + "]")));
        }
        return list;
    }

    private JsonNode array(String key) {
        JsonNode value = object.get(key);
        if (value == null || !value.isArray()) {
            throw wrong(key, "is not a JSON array");
        }
        return value;
    }

    private GraphJsonException wrong(String key, String what) {
        return new GraphJsonException(path + "." + key + " " + what);
    }
}
