// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rcublk.daemon.nbd.TestClient.OptionReply;

/** Option haggling, from the client's side of the socket. */
@Timeout(60)
class HandshakeTest {
    private static final int SIZE = 1 << 20;
    private static final int WRITABLE_FLAGS = 0x96d; // all that is supported, but READ_ONLY

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(folder, 1);
        rig.export("disk", new TestDisk(SIZE), true);
    }

    @AfterEach
    void stop() {
        rig.awaitNobody();
        rig.close();
    }

    @Test
    void goEntersTransmission() throws IOException {
        try (TestClient client = rig.connect()) {
            assertEquals(Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES, client.begin(TestClient.FIXED));
            List<OptionReply> replies = client.ask(
                    Nbd.OPT_GO,
                    TestClient.infoData(
                            "disk", Nbd.INFO_EXPORT, Nbd.INFO_NAME, Nbd.INFO_DESCRIPTION, Nbd.INFO_BLOCK_SIZE, 77));
            assertEquals(5, replies.size());
            assertEquals(Nbd.INFO_EXPORT, replies.get(0).u16(0));
            assertEquals(SIZE, replies.get(0).u64(2));
            assertEquals(WRITABLE_FLAGS, replies.get(0).u16(10));
            assertEquals("\0\1disk", replies.get(1).text());
            assertEquals("\0\2disk disk", replies.get(2).text());
            assertEquals(Nbd.INFO_BLOCK_SIZE, replies.get(3).u16(0));
            assertEquals(1, replies.get(3).u32(2));
            assertEquals(4096, replies.get(3).u32(6));
            assertEquals(32 << 20, replies.get(3).u32(10));
            assertEquals(Nbd.REP_ACK, replies.get(4).type());
            assertArrayEquals(new byte[16], client.read(0, 16));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, TestClient.FIXED, TestClient.NO_ZEROES, TestClient.FIXED | TestClient.NO_ZEROES})
    void exportNameEntersTransmissionWithPaddingUnlessDeclined(int clientFlags) throws IOException {
        try (TestClient client = rig.connect()) {
            client.begin(clientFlags);
            client.send(TestClient.option(Nbd.OPT_EXPORT_NAME, "disk".getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = client.receive(10);
            assertEquals(SIZE, answer.getLong());
            assertEquals(WRITABLE_FLAGS, answer.getShort() & 0xffff);
            if ((clientFlags & TestClient.NO_ZEROES) == 0) {
                assertArrayEquals(new byte[124], client.receive(124).array());
            }
            assertArrayEquals(new byte[1], client.read(SIZE - 1, 1));
        }
    }

    @Test
    void infoDescribesAndHagglingGoesOn() throws IOException {
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            List<OptionReply> info = client.ask(Nbd.OPT_INFO, TestClient.infoData("disk"));
            assertEquals(2, info.size());
            assertEquals(
                    Nbd.REP_ACK,
                    client.ask(Nbd.OPT_GO, TestClient.infoData("disk"))
                            .getLast()
                            .type());
            assertArrayEquals(new byte[16], client.read(16, 16));
        }
    }

    @Test
    void listNamesEveryExport() throws IOException {
        rig.export("another", new TestDisk(512), false);
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            List<OptionReply> replies = client.ask(Nbd.OPT_LIST);
            assertEquals(3, replies.size());
            assertEquals("\0\0\0\7anotherdisk another", replies.get(0).text());
            assertEquals("\0\0\0\4diskdisk disk", replies.get(1).text());
            assertEquals(
                    Nbd.REP_ERR_INVALID,
                    client.ask(Nbd.OPT_LIST, (byte) 1).getLast().type());
        }
    }

    @Test
    void emptyNameIsTheOnlyExportAndElseUnknown() throws IOException {
        try (TestClient client = rig.client("")) {
            assertArrayEquals(new byte[1], client.read(0, 1));
        }
        rig.export("another", new TestDisk(512), true);
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            assertEquals(
                    Nbd.REP_ERR_UNKNOWN,
                    client.ask(Nbd.OPT_GO, TestClient.infoData("")).getLast().type());
        }
        rig.export("", new TestDisk(4096), true);
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            assertEquals(
                    4096,
                    client.ask(Nbd.OPT_GO, TestClient.infoData("")).getFirst().u64(2));
        }
    }

    @Test
    void unknownExportIsAnErrorForGoAndTheEndForExportName() throws IOException {
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            OptionReply refused =
                    client.ask(Nbd.OPT_GO, TestClient.infoData("nope")).getLast();
            assertEquals(Nbd.REP_ERR_UNKNOWN, refused.type());
            assertEquals("there is no export 'nope'", refused.text());
            client.send(TestClient.option(Nbd.OPT_EXPORT_NAME, (byte) 'x'));
            assertTrue(client.isClosedByServer());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 8, 9, 10, 11, 12, 99, -1})
    void whatIsNotOfferedIsUnsupported(int option) throws IOException {
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            OptionReply reply = client.ask(option, new byte[33]).getLast();
            assertEquals(Nbd.REP_ERR_UNSUP, reply.type());
            assertEquals(option, reply.option());
            assertEquals(
                    Nbd.REP_ACK, client.ask(Nbd.OPT_ABORT, (byte) 1).getLast().type());
            assertTrue(client.isClosedByServer());
        }
    }

    @Test
    void malformedInfoIsRefusedAndHagglingGoesOn() throws IOException {
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            assertEquals(
                    Nbd.REP_ERR_INVALID,
                    client.ask(Nbd.OPT_GO, new byte[5]).getLast().type());
            assertEquals(
                    Nbd.REP_ERR_INVALID,
                    client.ask(Nbd.OPT_GO, new byte[] {0, 0, 0, 9, 0, 0, 0})
                            .getLast()
                            .type());
            assertEquals(
                    Nbd.REP_ERR_INVALID,
                    client.ask(Nbd.OPT_GO, new byte[] {-1, 0, 0, 0, 0, 0, 0})
                            .getLast()
                            .type());
            assertEquals(
                    Nbd.REP_ERR_INVALID,
                    client.ask(Nbd.OPT_GO, new byte[] {0, 0, 0, 1, -1, 0, 0})
                            .getLast()
                            .type());
            assertEquals(
                    Nbd.REP_ERR_INVALID,
                    client.ask(Nbd.OPT_GO, TestClient.infoData("di\0sk"))
                            .getLast()
                            .type());
            assertEquals(
                    Nbd.REP_ERR_INVALID,
                    client.ask(Nbd.OPT_GO, new byte[] {0, 0, 0, 0, 0, 1})
                            .getLast()
                            .type());
            String longest = "n".repeat(4096);
            assertEquals(
                    Nbd.REP_ERR_UNKNOWN,
                    client.ask(Nbd.OPT_GO, TestClient.infoData(longest))
                            .getLast()
                            .type());
            OptionReply tooBig =
                    client.ask(Nbd.OPT_GO, TestClient.infoData(longest + "n")).getLast();
            assertEquals(Nbd.REP_ERR_TOO_BIG, tooBig.type());
            assertEquals(
                    Nbd.REP_ACK,
                    client.ask(Nbd.OPT_GO, TestClient.infoData("disk"))
                            .getLast()
                            .type());
        }
    }

    @Test
    void tooLongOptionIsSkippedAndRefused() throws IOException {
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            assertEquals(
                    Nbd.REP_ERR_TOO_BIG,
                    client.ask(Nbd.OPT_GO, new byte[500_000]).getLast().type());
            assertEquals(
                    Nbd.REP_ACK,
                    client.ask(Nbd.OPT_GO, TestClient.infoData("disk"))
                            .getLast()
                            .type());
        }
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            client.send(TestClient.option(Nbd.OPT_GO).putInt(12, 1 << 30));
            assertTrue(client.isClosedByServer());
        }
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            client.send(TestClient.option(Nbd.OPT_EXPORT_NAME).putInt(12, 4097));
            assertTrue(client.isClosedByServer());
        }
    }

    @Test
    void endlessHagglingEnds() throws IOException {
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            for (int i = 0; i < Nbd.MAX_OPTIONS; i++) {
                assertEquals(Nbd.REP_ERR_UNSUP, client.ask(8).getLast().type());
            }
            client.send(TestClient.option(8));
            assertTrue(client.isClosedByServer());
        }
    }

    @Test
    void whatIsNoHandshakeIsClosed() throws IOException {
        try (TestClient client = rig.connect()) {
            client.begin(1 << 5);
            assertTrue(client.isClosedByServer(), "unknown client flags");
        }
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            client.send(ByteBuffer.wrap("GET / HTTP/1.1".getBytes(StandardCharsets.UTF_8)));
            assertTrue(client.isClosedByServer(), "bad option magic");
        }
        try (TestClient client = rig.connect()) {
            client.begin(0);
            client.send(TestClient.option(Nbd.OPT_LIST));
            assertTrue(client.isClosedByServer(), "options want fixed newstyle");
        }
    }

    @Test
    void readOnlyExportSaysSo() throws IOException {
        rig.export("ro", new TestDisk(512), false);
        try (TestClient client = rig.connect()) {
            assertEquals(WRITABLE_FLAGS | Nbd.READ_ONLY, client.go("ro"));
        }
    }

    @Test
    void exportWhoseDiskIsGoneIsUnknown() throws IOException {
        rig.server.addExport(new NbdExport(
                "gone", rig.server.exports().getFirst().device(), true, () -> -1, "", List.copyOf(rig.threads)));
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            assertEquals(
                    Nbd.REP_ERR_UNKNOWN,
                    client.ask(Nbd.OPT_GO, TestClient.infoData("gone"))
                            .getLast()
                            .type());
        }
    }

    @Test
    void slowHandshakeIsClosed() throws IOException {
        NbdSettings impatient = new NbdSettings(0, Duration.ofMillis(50), 16);
        Path other = Files.createDirectory(folder.resolve("other"));
        try (Rig hasty = new Rig(other, 0, impatient);
                TestClient silent = hasty.connect();
                TestClient stuck = hasty.connect()) {
            silent.receive(18);
            stuck.begin(TestClient.FIXED);
            assertTrue(silent.isClosedByServer());
            assertTrue(stuck.isClosedByServer());
            hasty.awaitNobody();
        }
    }

    @Test
    void whileShuttingDownOptionsAreRefused() throws IOException {
        try (TestClient client = rig.connect()) {
            client.begin(TestClient.FIXED);
            client.ask(Nbd.OPT_LIST);
            rig.server.stopAccepting();
            assertEquals(
                    Nbd.REP_ERR_SHUTDOWN,
                    client.ask(Nbd.OPT_GO, TestClient.infoData("disk"))
                            .getLast()
                            .type());
            assertEquals(Nbd.REP_ACK, client.ask(Nbd.OPT_ABORT).getLast().type());
        }
    }
}
