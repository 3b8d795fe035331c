// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How connections come to their IOThreads, and how they go. */
@Timeout(120)
class ConnectionLifeTest {
    private static final int THREADS = 3;

    @TempDir
    Path folder;

    private final TestDisk disk = new TestDisk(1 << 20);
    private final Map<String, Integer> requestsOn = new ConcurrentHashMap<>();
    private Rig rig;
    private NbdExport export;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(folder, THREADS);
        export = rig.export("disk", disk, true);
        disk.hold = request -> {
            requestsOn.merge(request.thread().name(), 1, Integer::sum);
            return false;
        };
    }

    @AfterEach
    void stop() {
        disk.releaseAll();
        rig.awaitNobody();
        rig.close();
    }

    @Test
    void connectionsAreDealtOutInTurn() throws IOException {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 2 * THREADS; i++) {
            clients.add(rig.client("disk"));
        }
        Map<String, Integer> expected = new HashMap<>();
        for (int i = 0; i < 2 * THREADS; i++) {
            clients.get(i).read(0, 1);
            expected.merge("iothread-" + i % THREADS, 1, Integer::sum);
            assertEquals(expected, requestsOn, "connection " + i);
        }
        assertEquals(2 * THREADS, export.stats().connections());
        for (TestClient client : clients) {
            client.close();
        }
        Rig.await("they are counted out", () -> export.stats().connections() == 0);
        assertEquals(2 * THREADS, export.stats().connectionsTotal());
    }

    @Test
    void exportWithoutIoThreadsRunsOnTheMainLoop() throws IOException {
        NbdExport onMain = new NbdExport("main", export.device(), true, () -> 1 << 20, "", List.of());
        rig.server.addExport(onMain);
        try (TestClient client = rig.client("main")) {
            byte[] data = {1, 2, 3};
            assertEquals(0, client.write(7, data));
            assertArrayEquals(data, client.read(7, 3));
        }
        assertEquals(Map.of("main-loop", 2), requestsOn);
    }

    @Test
    void requestsBehindTheLastOptionAreNotLost() throws IOException {
        NbdExport onMain = new NbdExport("main", export.device(), true, () -> 1 << 20, "", List.of());
        rig.server.addExport(onMain);
        byte[] payload = new byte[3000];
        payload[2999] = 77;
        for (String name : new String[] {"disk", "main"}) {
            for (int cut : new int[] {0, 10, 28, 100, 3028, 3040}) {
                ByteBuffer go = TestClient.option(Nbd.OPT_GO, TestClient.infoData(name));
                ByteBuffer write = TestClient.request(0, Nbd.CMD_WRITE, 5, 100, 3000, payload);
                ByteBuffer read = TestClient.request(0, Nbd.CMD_READ, 6, 50, 20);
                ByteBuffer all = ByteBuffer.allocate(4000)
                        .putInt(TestClient.FIXED)
                        .put(go)
                        .put(write)
                        .put(read)
                        .flip();
                try (TestClient client = rig.connect()) {
                    int first = all.limit() - write.limit() - read.limit() + cut;
                    client.send(all.slice(0, first));
                    client.receive(18);
                    client.optionReply();
                    assertEquals(Nbd.REP_ACK, client.optionReply().type());
                    client.send(all.slice(first, all.limit() - first));
                    assertEquals(0, client.reply().error());
                    assertEquals(0, client.reply().error());
                    client.receive(20);
                }
                assertEquals(77, disk.content()[3099]);
            }
        }
    }

    @Test
    void sixtyFourConnectionsAddNoThread() throws IOException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            clients.add(rig.client("disk"));
            clients.get(i).read(i, 1);
        }
        List<String> added = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .toList();
        // The JDK's one timer thread of the process, and what a Unix socket's close or the JIT may start.
        assertTrue(added.size() <= 2, "threads added by 64 connections: " + added);
        for (TestClient client : clients) {
            client.close();
        }
    }

    @Test
    void clientVanishesAtEveryByteOfAConversation() throws IOException {
        ByteBuffer talk = ByteBuffer.allocate(400)
                .putInt(TestClient.FIXED)
                .put(TestClient.option(Nbd.OPT_LIST))
                .put(TestClient.option(Nbd.OPT_GO, TestClient.infoData("disk", 3)))
                .put(TestClient.request(0, Nbd.CMD_WRITE, 1, 0, 40, new byte[40]))
                .put(TestClient.request(0, Nbd.CMD_READ, 2, 0, 4096))
                .put(TestClient.request(0, Nbd.CMD_FLUSH, 3, 0, 0))
                .put(TestClient.request(0, Nbd.CMD_DISC, 4, 0, 0))
                .flip();
        for (int cut = 0; cut <= talk.limit(); cut++) {
            TestClient client = rig.connect();
            client.send(talk.slice(0, cut));
            client.close();
        }
        rig.awaitNobody();
        try (TestClient client = rig.client("disk")) {
            client.read(0, 1);
        }
    }

    @Test
    void clientVanishesWithRequestsUnderWay() throws IOException {
        disk.hold = request -> true;
        TestClient client = rig.client("disk");
        client.send(TestClient.request(0, Nbd.CMD_READ, 1, 0, 1 << 20));
        client.send(TestClient.request(0, Nbd.CMD_WRITE, 2, 0, 100, new byte[100]));
        client.send(TestClient.request(0, Nbd.CMD_WRITE, 3, 0, 100_000, new byte[50_000]));
        Rig.await("two requests are in the driver", () -> disk.outstanding() == 2);
        client.close();
        disk.hold = request -> false;
        try (TestClient other = rig.client("disk")) {
            assertArrayEquals(new byte[1], other.read(0, 1), "others go on");
            assertEquals(2, disk.outstanding());
            disk.releaseAll();
            Rig.await("the first one is gone", () -> export.stats().connections() == 1);
        }
        assertEquals(0, disk.outstanding());
    }

    @Test
    void drainAnswersWhatIsUnderWay() throws IOException {
        disk.hold = request -> true;
        try (TestClient client = rig.client("disk");
                TestClient haggling = rig.connect();
                TestClient idle = rig.client("disk")) {
            haggling.begin(TestClient.FIXED);
            client.send(TestClient.request(0, Nbd.CMD_WRITE, 1, 0, 1, (byte) 42));
            Rig.await("the write is in the driver", () -> disk.outstanding() == 1);
            CompletableFuture<Void> drained = rig.server.drain();
            assertTrue(idle.isClosedByServer());
            assertTrue(haggling.isClosedByServer());
            assertFalse(drained.isDone());
            assertFalse(Files.exists(rig.address.getPath()), "the socket's file is gone");
            disk.releaseAll();
            assertEquals(new TestClient.Reply(0, 1), client.reply());
            assertTrue(client.isClosedByServer());
            drained.orTimeout(20, TimeUnit.SECONDS).join();
            assertEquals(0, rig.server.connections());
        }
    }

    @Test
    void closeDoesNotWaitForAStuckRequest() throws IOException {
        disk.hold = request -> true;
        try (TestClient client = rig.client("disk")) {
            client.send(TestClient.request(0, Nbd.CMD_READ, 1, 0, 1));
            Rig.await("the read is in the driver", () -> disk.outstanding() == 1);
            rig.server.close();
            assertTrue(client.isClosedByServer());
            assertEquals(1, rig.server.connections(), "its request is still under way");
            disk.releaseAll();
            rig.server.drain().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    @Test
    void removedExportLosesItsConnectionsAndOthersStay() throws IOException {
        rig.export("other", new TestDisk(512), true);
        try (TestClient client = rig.client("disk");
                TestClient other = rig.client("other")) {
            client.read(0, 1);
            rig.server.removeExport("disk").orTimeout(20, TimeUnit.SECONDS).join();
            assertTrue(client.isClosedByServer());
            other.read(0, 1);
            assertEquals(
                    List.of("other"),
                    rig.server.exports().stream().map(NbdExport::name).toList());
        }
    }

    @Test
    void connectionsBeyondTheLimitWait() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        try (Rig small = new Rig(inner, 1, new NbdSettings(2, Duration.ofSeconds(10), 8))) {
            small.export("disk", new TestDisk(512), true);
            TestClient first = small.client("disk");
            try (TestClient second = small.client("disk");
                    TestClient third = small.connect()) {
                third.channel.configureBlocking(false);
                second.read(0, 1);
                assertEquals(0, third.channel.read(ByteBuffer.allocate(1)), "no greeting yet");
                assertEquals(2, small.server.connections());
                first.close();
                third.channel.configureBlocking(true);
                third.go("disk");
                third.read(0, 1);
            }
            small.awaitNobody();
        }
    }

    @Test
    void servesTcp() throws IOException {
        try (NbdServer tcp = NbdServer.listen(
                rig.mainLoop, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), NbdSettings.DEFAULT)) {
            tcp.addExport(export);
            try (TestClient client = new TestClient(tcp.address())) {
                client.go("disk");
                client.read(0, 4096);
                assertEquals(0, client.write(0, new byte[200_000]));
            }
            tcp.drain().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }
}
