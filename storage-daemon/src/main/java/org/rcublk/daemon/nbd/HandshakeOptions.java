// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;

/**
 * Answers options ("Option types"). Knows exports and bytes, but no socket. Confined to the main loop.
 *
 * <p>What is not offered (TLS, structured replies, metadata contexts, extended headers) is unknown here, and answered
 * alike: not supported.
 */
@IoThreadOnly
final class HandshakeOptions {
    /** What is to be done after an option. */
    enum Next {
        /** Take the next option. */
        GO_ON,
        /** Send what there is, and begin the transmission. */
        TRANSMIT,
        /** Send what there is, and close. */
        CLOSE,
        /** The protocol leaves no way to answer: close, and log {@link #complaint}. */
        REFUSE
    }

    private final Map<String, NbdExport> exports;
    private final OptionReplies replies;
    private final BooleanSupplier shuttingDown;

    @ConfinedTo("the main loop")
    private @Nullable NbdExport chosen;

    @ConfinedTo("the main loop")
    private long size;

    @ConfinedTo("the main loop")
    private String complaint = "";

    HandshakeOptions(Map<String, NbdExport> exports, OptionReplies replies, BooleanSupplier shuttingDown) {
        this.exports = exports;
        this.replies = replies;
        this.shuttingDown = shuttingDown;
    }

    /** The export of {@link Next#TRANSMIT}. */
    NbdExport chosen() {
        if (chosen == null) {
            throw new IllegalStateException("no export was chosen");
        }
        return chosen;
    }

    /** Its size as the client was told. */
    long size() {
        return size;
    }

    /** Why the client was refused. */
    String complaint() {
        return complaint;
    }

    /**
     * Answers one option.
     *
     * @param option its number
     * @param data its data, whole
     * @param noZeroes whether EXPORT_NAME's answer goes without padding
     * @return what to do next
     */
    Next answer(int option, ByteBuffer data, boolean noZeroes) {
        if (option == Nbd.OPT_EXPORT_NAME) {
            return exportName(data, noZeroes);
        }
        if (option == Nbd.OPT_ABORT) {
            replies.ack(option);
            return Next.CLOSE;
        }
        if (shuttingDown.getAsBoolean()) {
            replies.error(option, Nbd.REP_ERR_SHUTDOWN, "the server is shutting down");
            return Next.GO_ON;
        }
        return switch (option) {
            case Nbd.OPT_LIST -> list(data);
            case Nbd.OPT_INFO, Nbd.OPT_GO -> info(option, data);
            default -> {
                replies.error(
                        option, Nbd.REP_ERR_UNSUP, "option " + Integer.toUnsignedString(option) + " is not supported");
                yield Next.GO_ON;
            }
        };
    }

    private Next exportName(ByteBuffer data, boolean noZeroes) {
        String name = name(data, data.remaining());
        NbdExport export = name == null || shuttingDown.getAsBoolean() ? null : find(name);
        if (export == null) {
            complaint = name == null ? "an export name that is not valid" : "there is no export '" + name + "'";
            return Next.REFUSE;
        }
        replies.exportName(size, export.transmissionFlags(), !noZeroes);
        return Next.TRANSMIT;
    }

    private Next list(ByteBuffer data) {
        if (data.hasRemaining()) {
            replies.error(Nbd.OPT_LIST, Nbd.REP_ERR_INVALID, "LIST takes no data");
            return Next.GO_ON;
        }
        exports.values().forEach(replies::server);
        replies.ack(Nbd.OPT_LIST);
        return Next.GO_ON;
    }

    private Next info(int option, ByteBuffer data) {
        if (data.remaining() < 6) {
            return invalid(option, "the option's data is too short");
        }
        long nameLength = data.getInt() & 0xffff_ffffL;
        if (nameLength > data.remaining() - 2) {
            return invalid(option, "the name is longer than the option's data");
        }
        if (nameLength > Nbd.MAX_NAME) {
            replies.error(option, Nbd.REP_ERR_TOO_BIG, "a name has at most " + Nbd.MAX_NAME + " bytes");
            return Next.GO_ON;
        }
        String name = name(data, (int) nameLength);
        int requests = data.getShort() & 0xffff;
        if (name == null) {
            return invalid(option, "the name is not UTF-8, or holds a NUL");
        }
        if (data.remaining() != 2 * requests) {
            return invalid(option, "the number of information requests and the option's length do not agree");
        }
        NbdExport export = find(name);
        if (export == null) {
            replies.error(option, Nbd.REP_ERR_UNKNOWN, unknown(name));
            return Next.GO_ON;
        }
        describe(option, export, data);
        return option == Nbd.OPT_GO ? Next.TRANSMIT : Next.GO_ON;
    }

    private void describe(int option, NbdExport export, ByteBuffer requests) {
        replies.infoExport(option, size, export.transmissionFlags());
        while (requests.hasRemaining()) {
            switch (requests.getShort()) {
                case Nbd.INFO_NAME -> replies.infoText(option, Nbd.INFO_NAME, export.nameBytes());
                case Nbd.INFO_DESCRIPTION -> {
                    if (!export.description().isEmpty()) {
                        byte[] text = export.description().getBytes(StandardCharsets.UTF_8);
                        replies.infoText(option, Nbd.INFO_DESCRIPTION, text);
                    }
                }
                case Nbd.INFO_BLOCK_SIZE -> replies.infoBlockSize(option);
                default -> {
                    // INFO_EXPORT was sent; what is unknown is ignored.
                }
            }
        }
        replies.ack(option);
    }

    private Next invalid(int option, String why) {
        replies.error(option, Nbd.REP_ERR_INVALID, why);
        return Next.GO_ON;
    }

    /** Finds an export whose disk is there; the empty name is the only export's too. */
    private @Nullable NbdExport find(String name) {
        NbdExport export = exports.get(name);
        if (export == null && name.isEmpty()) {
            Collection<NbdExport> all = exports.values();
            export = all.size() == 1 ? all.iterator().next() : null;
        }
        if (export != null) {
            size = export.sizeNow();
            chosen = export;
        }
        return export == null || size < 0 ? null : export;
    }

    private String unknown(String name) {
        return name.isEmpty() && exports.size() > 1
                ? "there is no default export among " + exports.size() + ": name one"
                : "there is no export '" + name + "'";
    }

    private static @Nullable String name(ByteBuffer data, int length) {
        ByteBuffer bytes = data.slice(data.position(), length);
        data.position(data.position() + length);
        try {
            String name = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return name.indexOf('\0') >= 0 ? null : name;
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }
}
