// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that talk nonsense, from random bytes to conversations with a few bytes changed. Seeded. */
@Timeout(120)
class FuzzTest {
    private static final int ROUNDS = 1500;

    @TempDir
    Path folder;

    private final TestDisk disk = new TestDisk(1 << 16);
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream realErr = System.err;
    private Rig rig;

    @BeforeEach
    void start() throws IOException {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        disk.logging = false;
        rig = new Rig(folder, 2);
        rig.export("disk", disk, true);
    }

    @AfterEach
    void stop() {
        try {
            rig.awaitNobody();
            rig.close();
        } finally {
            System.setErr(realErr);
        }
        String lines = log.toString(StandardCharsets.UTF_8);
        assertTrue(lines.contains("bad request magic") && lines.contains("bad option magic"), lines);
        assertFalse(lines.contains("ERROR"), lines);
        assertFalse(lines.contains("\tat "), lines);
    }

    /** Says it all, and then listens until the server is done with it. */
    private void survives(byte[] talk) {
        try (TestClient client = rig.connect()) {
            client.channel.configureBlocking(false);
            ByteBuffer out = ByteBuffer.wrap(talk);
            ByteBuffer in = ByteBuffer.allocate(1 << 16);
            while (out.hasRemaining()) {
                client.channel.write(out);
                if (client.channel.read(in.clear()) < 0) {
                    return;
                }
            }
            client.channel.shutdownOutput();
            client.channel.configureBlocking(true);
            int got;
            do {
                got = client.channel.read(in.clear());
            } while (got >= 0);
        } catch (IOException closedByServer) {
            return; // as it may
        }
    }

    private void stillServes() throws IOException {
        try (TestClient client = rig.client("disk")) {
            byte[] data = {1, 2, 3};
            client.write(9, data);
            assertArrayEquals(data, client.read(9, 3));
        }
        long bound = 100L * (512 << 10) + (64L << 20);
        assertTrue(rig.server.bufferBytes() <= bound, rig.server.bufferBytes() + " bytes held");
    }

    @Test
    void randomBytesInEveryPhase() throws IOException {
        Random random = new Random(20_001);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] noise = new byte[random.nextInt(2000)];
            random.nextBytes(noise);
            ByteBuffer talk = ByteBuffer.allocate(4000);
            int phase = random.nextInt(3);
            if (phase > 0) {
                talk.putInt(TestClient.FIXED | TestClient.NO_ZEROES);
            }
            if (phase > 1) {
                talk.put(TestClient.option(Nbd.OPT_GO, TestClient.infoData("disk")));
            }
            talk.put(noise).flip();
            survives(Arrays.copyOf(talk.array(), talk.limit()));
        }
        stillServes();
    }

    @Test
    void mutatedConversations() throws IOException {
        Random random = new Random(20_002);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] talk = conversation(random);
            for (int changes = random.nextInt(6); changes > 0; changes--) {
                talk[random.nextInt(talk.length)] = (byte) random.nextInt();
            }
            survives(talk);
        }
        stillServes();
    }

    private static byte[] conversation(Random random) {
        ByteBuffer talk = ByteBuffer.allocate(100_000);
        talk.putInt(TestClient.FIXED | random.nextInt(4));
        for (int i = random.nextInt(4); i > 0; i--) {
            talk.put(TestClient.option(1 + random.nextInt(11), new byte[random.nextInt(20)]));
        }
        talk.put(TestClient.option(Nbd.OPT_GO, TestClient.infoData("disk", 0, 3)));
        for (int i = random.nextInt(30); i > 0; i--) {
            int command = random.nextInt(8);
            int length = random.nextInt(3000);
            byte[] payload = new byte[command == Nbd.CMD_WRITE ? length : 0];
            talk.put(TestClient.request(random.nextInt(4), command, i, random.nextInt(70_000), length, payload));
        }
        byte[] bytes = new byte[talk.position()];
        talk.flip().get(bytes);
        return bytes;
    }
}
