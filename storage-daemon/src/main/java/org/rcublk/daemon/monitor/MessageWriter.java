// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.rcublk.daemon.options.JsonTree;

/** Writes messages, one a line. Confined to its connection's thread. */
final class MessageWriter {
    private static final byte[] END = "\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper MAPPER = new ObjectMapper().registerModule(nulls());

    private final OutputStream out;

    MessageWriter(OutputStream out) {
        this.out = out;
    }

    void write(Map<String, ?> message) throws IOException {
        byte[] json = bytes(message);
        byte[] line = new byte[json.length + END.length];
        System.arraycopy(json, 0, line, 0, json.length);
        System.arraycopy(END, 0, line, json.length, END.length);
        out.write(line);
        out.flush();
    }

    /** An id that is null comes back as null. */
    @SuppressWarnings("unchecked") // the class of NULL is that of nothing else
    private static SimpleModule nulls() {
        return new SimpleModule().addSerializer((Class<Object>) JsonTree.NULL.getClass(), new JsonSerializer<Object>() {
            @Override
            public void serialize(Object value, JsonGenerator to, SerializerProvider serializers) throws IOException {
                to.writeNull();
            }
        });
    }

    static byte[] bytes(Map<String, ?> message) throws JsonProcessingException {
        return MAPPER.writeValueAsBytes(message);
    }
}
