// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.options;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a value from JSON tokens as they come, so that it does not matter whether the text is there at once or arrives
 * in pieces. Objects become {@link LinkedHashMap}s, arrays {@link ArrayList}s, integers {@link Long}s, other numbers
 * {@link Double}s, {@code null} becomes {@link #NULL}. Not thread-safe.
 */
public final class JsonTree {
    /** Stands for JSON's null, so that a map need not hold one. */
    public static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private final Deque<Object> open = new ArrayDeque<>();
    private final Deque<String> names = new ArrayDeque<>();
    private @Nullable Object root;

    /** An empty builder. */
    public JsonTree() {}

    /**
     * Takes a token.
     *
     * @param token the token
     * @param parser the parser that is at it
     * @return whether the value is complete
     * @throws IOException when the token's value cannot be read, a number that does not fit 64 bits say
     */
    public boolean take(JsonToken token, JsonParser parser) throws IOException {
        switch (token) {
            case FIELD_NAME -> names.push(parser.currentName());
            case START_OBJECT -> open.push(new LinkedHashMap<String, Object>());
            case START_ARRAY -> open.push(new ArrayList<>());
            case END_OBJECT, END_ARRAY -> put(open.pop());
            case VALUE_STRING -> put(parser.getText());
            case VALUE_NUMBER_INT -> put(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> put(parser.getDoubleValue());
            case VALUE_TRUE -> put(true);
            case VALUE_FALSE -> put(false);
            case VALUE_NULL -> put(NULL);
            case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> throw new IllegalArgumentException("no JSON token: " + token);
        }
        return open.isEmpty();
    }

    /**
     * Whether a value has begun and is not complete.
     *
     * @return whether tokens are missing
     */
    public boolean isOpen() {
        return !open.isEmpty();
    }

    /**
     * The complete value; the builder is then empty.
     *
     * @return the value
     */
    public Object value() {
        Object value = root;
        if (value == null || !open.isEmpty()) {
            throw new IllegalStateException("the value is not complete");
        }
        root = null;
        return value;
    }

    @SuppressWarnings("unchecked") // take() pushes nothing else
    private void put(Object value) {
        Object in = open.peek();
        if (in == null) {
            root = value;
        } else if (in instanceof List<?> list) {
            ((List<Object>) list).add(value);
        } else {
            ((Map<String, Object>) in).put(names.pop(), value);
        }
    }
}
