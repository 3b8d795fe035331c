// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.rcublk.annotation.IoThreadOnly;

/** Bytes of the handshake on their way out. It grows: a list of exports may be long. Confined to the main loop. */
@IoThreadOnly
final class OptionReplies {
    private ByteBuffer out = ByteBuffer.allocate(512);

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * out.capacity(), out.position() + bytes));
            larger.put(out.flip());
            out = larger;
        }
        return out;
    }

    /** What the server says first ("Newstyle negotiation"). */
    void greeting() {
        room(18).putLong(Nbd.INIT_MAGIC).putLong(Nbd.OPTION_MAGIC).putShort((short)
                (Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES));
    }

    /** The answer to EXPORT_NAME, which has no header. */
    void exportName(long size, int transmissionFlags, boolean padding) {
        room(10 + Nbd.EXPORT_NAME_PADDING).putLong(size).putShort((short) transmissionFlags);
        if (padding) {
            out.put(new byte[Nbd.EXPORT_NAME_PADDING]);
        }
    }

    private ByteBuffer header(int option, int reply, int length) {
        return room(20 + length)
                .putLong(Nbd.OPTION_REPLY_MAGIC)
                .putInt(option)
                .putInt(reply)
                .putInt(length);
    }

    void ack(int option) {
        header(option, Nbd.REP_ACK, 0);
    }

    void error(int option, int reply, String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        header(option, reply, text.length).put(text);
    }

    void server(NbdExport export) {
        byte[] name = export.nameBytes();
        byte[] description = export.description().getBytes(StandardCharsets.UTF_8);
        header(Nbd.OPT_LIST, Nbd.REP_SERVER, 4 + name.length + description.length)
                .putInt(name.length)
                .put(name)
                .put(description);
    }

    void infoExport(int option, long size, int transmissionFlags) {
        header(option, Nbd.REP_INFO, 12)
                .putShort((short) Nbd.INFO_EXPORT)
                .putLong(size)
                .putShort((short) transmissionFlags);
    }

    void infoBlockSize(int option) {
        header(option, Nbd.REP_INFO, 14)
                .putShort((short) Nbd.INFO_BLOCK_SIZE)
                .putInt(Nbd.MIN_BLOCK)
                .putInt(Nbd.PREFERRED_BLOCK)
                .putInt(Nbd.MAX_PAYLOAD);
    }

    void infoText(int option, int info, byte[] text) {
        header(option, Nbd.REP_INFO, 2 + text.length).putShort((short) info).put(text);
    }

    /** Writes; true if all of it went out. */
    boolean flush(WritableByteChannel channel) throws IOException {
        if (out.position() == 0) {
            return true;
        }
        out.flip();
        try {
            channel.write(out);
        } finally {
            out.compact();
        }
        return out.position() == 0;
    }
}
