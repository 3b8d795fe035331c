// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.options;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.Map;

/** JSON as this program reads it: to the letter of RFC 8259, bounded, and no key twice. Thread-safe. */
public final class Json {
    /** How deep objects and arrays may be nested. */
    public static final int MAX_DEPTH = 64;

    /** How many characters or bytes a text may have. */
    public static final int MAX_LENGTH = 1 << 20;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_LENGTH)
                    .maxNameLength(1024)
                    .maxNumberLength(64)
                    .build())
            .build();

    private Json() {}

    /**
     * The factory of strict parsers, for those that get their text in pieces.
     *
     * @return a thread-safe factory
     */
    public static JsonFactory factory() {
        return FACTORY;
    }

    /**
     * Reads one object.
     *
     * @param where what the text belongs to, for messages
     * @param text the text
     * @return the object, a new mutable map
     * @throws ArgumentException when it is anything but one object
     */
    public static Map<String, Object> object(String where, String text) {
        if (text.length() > MAX_LENGTH) {
            throw new ArgumentException(where + ": the JSON is longer than " + MAX_LENGTH + " characters");
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonTree tree = new JsonTree();
            JsonToken token = parser.nextToken();
            while (token != null && !tree.take(token, parser)) {
                token = parser.nextToken();
            }
            if (token == null || parser.nextToken() != null) {
                throw new ArgumentException(where + ": there must be one JSON object and nothing after it");
            }
            return asObject(where, tree.value());
        } catch (IOException e) {
            throw new ArgumentException(where + ": malformed JSON: " + explain(e));
        }
    }

    /**
     * What is wrong with a text, in one line.
     *
     * @param error what a parser threw
     * @return the error and, when it is known, the position
     */
    public static String explain(IOException error) {
        String message = String.valueOf(error.getMessage());
        if (!(error instanceof JsonProcessingException json)) {
            return message.lines().findFirst().orElse("");
        }
        String what = json instanceof JsonEOFException
                ? "the text ends before the object does"
                : json.getOriginalMessage().lines().findFirst().orElse("");
        return json.getLocation() == null
                ? what
                : what + " (line " + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr() + ")";
    }

    @SuppressWarnings("unchecked") // a JsonTree's maps have strings for keys
    private static Map<String, Object> asObject(String where, Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new ArgumentException(where + ": there must be a JSON object between '{' and '}'");
    }
}
