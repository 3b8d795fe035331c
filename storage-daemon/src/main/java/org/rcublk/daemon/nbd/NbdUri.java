// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import org.rcublk.annotation.AnyThread;

/** Writes the URI under which clients find an export, as doc/uri.md of the reference implementation defines it. */
@AnyThread
public final class NbdUri {
    private static final String PLAIN = "-._~/"; // and letters and digits; a slash may stand in a path and in a query

    private NbdUri() {}

    /**
     * The URI of an export.
     *
     * @param address where the server listens
     * @param export the export's name, perhaps empty
     * @return such as {@code nbd://localhost:10809/disk} or {@code nbd+unix:///disk?socket=/run/nbd.sock}
     */
    public static String of(SocketAddress address, String export) {
        if (address instanceof UnixDomainSocketAddress unix) {
            return "nbd+unix:///" + encode(export) + "?socket="
                    + encode(unix.getPath().toString());
        }
        if (address instanceof InetSocketAddress inet) {
            String host = inet.getHostString();
            return "nbd://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + inet.getPort() + "/"
                    + encode(export);
        }
        throw new IllegalArgumentException("not an address that an NBD server listens on: " + address);
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
            if (plain) {
                encoded.append(c);
            } else {
                encoded.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return encoded.toString();
    }
}
