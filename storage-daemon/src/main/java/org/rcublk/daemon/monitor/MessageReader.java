// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rcublk.daemon.options.Json;
import org.rcublk.daemon.options.JsonTree;

/**
 * Cuts a stream of bytes into JSON objects. QMP has no framing: a message ends with its closing brace, and white space
 * between messages means nothing. So the parser is fed byte by byte, and an error is found at the first byte that is
 * wrong, not when a brace closes that may never come.
 *
 * <p>After an error the rest is passed over up to the end of the line, or up to a brace that begins a block of input: a
 * client that ends its messages with no newline waits for the answer before it sends on. A byte 0xFF, which no UTF-8 text holds, makes
 * the reader start afresh at any time; clients use it to be sure of the state. Not thread-safe.
 */
final class MessageReader {
    private static final int BLOCK = 8192;
    private static final int RESET = 0xff;

    private final InputStream in;
    private final byte[] block = new byte[BLOCK];
    private int at;
    private int filled;
    private boolean passingOver;
    private int length;
    private final byte[] one = new byte[1];
    private @Nullable JsonParser parser;
    private JsonTree tree = new JsonTree();

    MessageReader(InputStream in) {
        this.in = in;
    }

    /**
     * Waits for the next message.
     *
     * @return the message, or null at the end of the stream
     * @throws MalformedMessageException when what came is none; call again for the next
     */
    @Nullable
    Map<String, Object> next() throws IOException, MalformedMessageException {
        while (true) {
            boolean beginsBlock = at == filled;
            if (beginsBlock) {
                at = 0;
                filled = Math.max(0, in.read(block));
                if (filled == 0) {
                    return null;
                }
            }
            int b = block[at++] & 0xff;
            if (passingOver && !endsPassingOver(b, beginsBlock)) {
                continue;
            }
            if (b == RESET) {
                throw malformed("byte 0xff, starting afresh", false);
            }
            Map<String, Object> message = take(b);
            if (message != null) {
                return message;
            }
        }
    }

    private boolean endsPassingOver(int b, boolean beginsBlock) {
        passingOver = b != '\n' && b != RESET && !(b == '{' && beginsBlock);
        return !passingOver;
    }

    private @Nullable Map<String, Object> take(int b) throws MalformedMessageException {
        JsonParser current = parser;
        if (current == null) {
            if (b == ' ' || b == '\t' || b == '\r' || b == '\n') {
                return null;
            }
            if (b != '{') {
                throw malformed("a message is a JSON object and begins with '{'", true);
            }
            current = begin();
        }
        if (++length > Json.MAX_LENGTH) {
            throw malformed("the message is longer than " + Json.MAX_LENGTH + " bytes", b != '\n');
        }
        try {
            return feed(current, b) ? end() : null;
        } catch (IOException e) {
            throw malformed("malformed JSON: " + Json.explain(e), b != '\n');
        }
    }

    private JsonParser begin() throws MalformedMessageException {
        try {
            JsonParser fresh = Json.factory().createNonBlockingByteArrayParser();
            parser = fresh;
            return fresh;
        } catch (IOException e) {
            throw malformed("no parser: " + Json.explain(e), true);
        }
    }

    /** Feeds one byte; true when it completed the message. */
    private boolean feed(JsonParser current, int b) throws IOException {
        one[0] = (byte) b;
        ((ByteArrayFeeder) current.getNonBlockingInputFeeder()).feedInput(one, 0, 1);
        for (JsonToken token = current.nextToken();
                token != null && token != JsonToken.NOT_AVAILABLE;
                token = current.nextToken()) {
            if (tree.take(token, current)) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("unchecked") // it began with a brace, and a JsonTree's maps have strings for keys
    private Map<String, Object> end() {
        Map<String, Object> message = (Map<String, Object>) tree.value();
        startAfresh();
        return message;
    }

    private MalformedMessageException malformed(String message, boolean passOver) {
        startAfresh();
        passingOver = passOver;
        return new MalformedMessageException(message);
    }

    private void startAfresh() {
        parser = null;
        tree = new JsonTree();
        length = 0;
    }
}
