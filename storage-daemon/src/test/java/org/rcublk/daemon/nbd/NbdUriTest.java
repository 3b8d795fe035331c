// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;

class NbdUriTest {
    @Test
    void writesUris() {
        assertEquals("nbd://host:10809/disk", NbdUri.of(InetSocketAddress.createUnresolved("host", 10809), "disk"));
        assertEquals("nbd://[::1]:1/", NbdUri.of(InetSocketAddress.createUnresolved("::1", 1), ""));
        assertEquals(
                "nbd://h:1/hello%20w%c3%b6rld", NbdUri.of(InetSocketAddress.createUnresolved("h", 1), "hello wörld"));
        assertEquals(
                "nbd+unix:///a%26b?socket=/run/nbd%3fx.sock",
                NbdUri.of(UnixDomainSocketAddress.of("/run/nbd?x.sock"), "a&b"));
    }
}
