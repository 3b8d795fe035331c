// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NbdListenerTest {
    @TempDir
    Path folder;

    private UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(folder.resolve("s"));
    }

    @Test
    void removesItsSocketAtClose() throws IOException {
        try (NbdListener listener = NbdListener.bind(address(), 1)) {
            assertTrue(Files.exists(folder.resolve("s")));
            assertEquals(address(), listener.address());
        }
        assertFalse(Files.exists(folder.resolve("s")));
    }

    @Test
    void replacesAStaleSocket() throws IOException {
        try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(address());
        }
        assertTrue(Files.exists(folder.resolve("s")));
        NbdListener.bind(address(), 1).close();
        assertFalse(Files.exists(folder.resolve("s")));
    }

    @Test
    void refusesAPathOnWhichAServerAnswers() throws IOException {
        try (NbdListener living = NbdListener.bind(address(), 1)) {
            IOException refused = assertThrows(IOException.class, () -> NbdListener.bind(address(), 1));
            assertEquals(
                    "NBD server: a server answers on " + folder.resolve("s")
                            + " already: stop it or choose another path",
                    refused.getMessage());
            assertTrue(living.channel().isOpen());
            assertTrue(Files.exists(folder.resolve("s")));
        }
    }

    @Test
    void refusesAPathThatIsNoSocket() throws IOException {
        Files.writeString(folder.resolve("s"), "precious");
        IOException refused = assertThrows(IOException.class, () -> NbdListener.bind(address(), 1));
        assertTrue(refused.getMessage().contains("is not a socket"), refused.getMessage());
        assertEquals("precious", Files.readString(folder.resolve("s")));
    }

    @Test
    void leavesASocketThatIsNotItsOwn() throws IOException {
        NbdListener first = NbdListener.bind(address(), 1);
        Files.delete(folder.resolve("s"));
        try (NbdListener second = NbdListener.bind(address(), 1)) {
            first.close();
            assertTrue(Files.exists(folder.resolve("s")), "the second one's");
            assertTrue(second.channel().isOpen());
        }
    }

    @Test
    void namesTheAddressThatIsTaken() throws IOException {
        try (NbdListener first = NbdListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            IOException refused = assertThrows(IOException.class, () -> NbdListener.bind(first.address(), 1));
            int port = ((InetSocketAddress) first.address()).getPort();
            assertTrue(refused.getMessage().contains(":" + port), refused.getMessage());
        }
        UnixDomainSocketAddress nowhere = UnixDomainSocketAddress.of(folder.resolve("no/such/folder/s"));
        IOException refused = assertThrows(IOException.class, () -> NbdListener.bind(nowhere, 1));
        assertTrue(refused.getMessage().contains("no/such/folder"), refused.getMessage());
    }
}
