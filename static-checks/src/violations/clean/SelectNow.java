// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: helper method
// layer: none
package seed.clean;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.rcublk.annotation.IoThreadOnly;

/** A socket channel that is non-blocking, and a look at the selector that does not wait. */
final class SelectNow {
    private final ByteBuffer buffer = ByteBuffer.allocate(64);

    @IoThreadOnly
    int ready(Selector selector, SocketChannel channel) throws IOException {
        return selector.selectNow() + take(channel);
    }

    private int take(SocketChannel channel) throws IOException {
        return channel.read(buffer.clear());
    }
}
