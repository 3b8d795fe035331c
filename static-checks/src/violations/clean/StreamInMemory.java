// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: interface
// layer: none
package seed.clean;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.rcublk.annotation.AnyThread;

/** A stream by type, memory in fact. */
final class StreamInMemory {
    @AnyThread
    byte[] line(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
