// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Errno;

/** Requests and replies, from the client's side of the socket. */
@Timeout(60)
class TransmissionTest {
    private static final int SIZE = 48 << 20;
    private static final int MIB32 = 32 << 20;

    @TempDir
    Path folder;

    private final TestDisk disk = new TestDisk(SIZE);
    private Rig rig;
    private TestClient client;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(folder, 1);
        rig.export("disk", disk, true);
        client = rig.client("disk");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        rig.awaitNobody();
        rig.close();
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private byte[] onDisk(int offset, int length) {
        return Arrays.copyOfRange(disk.content(), offset, offset + length);
    }

    @Test
    void writesAndReadsOfEverySize() throws IOException {
        int[] sizes = {1, 2, 511, 512, 4095, 4096, 4097, 32767, 32768, 32769, 65536, 65537, 262_144, 262_145, 3_000_001
        };
        for (int size : sizes) {
            int offset = 4096 + size % 7;
            byte[] data = random(size, size);
            assertEquals(0, client.write(offset, data), "write of " + size);
            assertArrayEquals(data, onDisk(offset, size), "write of " + size);
            assertArrayEquals(data, client.read(offset, size), "read of " + size);
        }
        NbdExportStats stats = rig.server.exports().getFirst().stats();
        assertEquals(Arrays.stream(sizes).sum(), stats.writtenBytes());
        assertEquals(Arrays.stream(sizes).sum(), stats.readBytes());
        assertEquals(2L * sizes.length, stats.requests());
    }

    @Test
    void theLargestPayloadWorksAndOneByteMoreIsRefusedOnAConnectionThatLives() throws IOException {
        byte[] data = random(1, MIB32);
        assertEquals(0, client.write(5, data));
        assertArrayEquals(data, client.read(5, MIB32));
        assertEquals(Errno.EINVAL, client.call(0, Nbd.CMD_READ, 0, MIB32 + 1));
        assertEquals(Errno.EINVAL, client.write(0, new byte[MIB32 + 1]));
        assertEquals(Errno.EINVAL, client.call(0, Nbd.CMD_READ, 0, -1)); // 4 GiB - 1
        assertArrayEquals(onDisk(0, 100), client.read(0, 100));
    }

    @Test
    void flagsReachTheDriver() throws IOException {
        assertEquals(0, client.call(Nbd.CMD_FLAG_FUA, Nbd.CMD_WRITE, 0, 1, (byte) 1));
        assertEquals(0, client.call(0, Nbd.CMD_WRITE_ZEROES, 0, 4096));
        assertEquals(0, client.call(Nbd.CMD_FLAG_NO_HOLE | Nbd.CMD_FLAG_FUA, Nbd.CMD_WRITE_ZEROES, 0, 4096));
        assertEquals(0, client.call(Nbd.CMD_FLAG_FAST_ZERO, Nbd.CMD_WRITE_ZEROES, 0, SIZE));
        assertEquals(0, client.call(0, Nbd.CMD_FLUSH, 0, 0));
        assertEquals(0, client.call(0, Nbd.CMD_TRIM, 0, SIZE));
        assertEquals(0, client.call(Nbd.CMD_FLAG_FUA, Nbd.CMD_READ, 0, 1));
        client.receive(1);
        assertEquals(
                List.of(
                        "WRITE/" + BlockOp.FLAG_FUA,
                        "WRITE_ZEROES/" + BlockOp.FLAG_MAY_UNMAP,
                        "WRITE_ZEROES/" + BlockOp.FLAG_FUA,
                        "WRITE_ZEROES/" + (BlockOp.FLAG_MAY_UNMAP | BlockOp.FLAG_NO_FALLBACK),
                        "FLUSH/0",
                        "DISCARD/0",
                        "READ/0"),
                List.copyOf(disk.log));
    }

    @Test
    void trimWithFuaIsFlushedBeforeItIsAnswered() throws IOException {
        assertEquals(0, client.call(Nbd.CMD_FLAG_FUA, Nbd.CMD_TRIM, 0, 4096));
        assertEquals(List.of("DISCARD/1", "FLUSH/0"), List.copyOf(disk.log));
    }

    @Test
    void rangesPastTheEndAreRefused() throws IOException {
        assertEquals(Errno.EINVAL, client.call(0, Nbd.CMD_READ, SIZE, 1));
        assertEquals(Errno.EINVAL, client.call(0, Nbd.CMD_READ, SIZE - 1, 2));
        assertEquals(Errno.EINVAL, client.call(0, Nbd.CMD_READ, -1, 1));
        assertEquals(Errno.EINVAL, client.call(0, Nbd.CMD_READ, Long.MAX_VALUE, 512));
        assertEquals(Errno.ENOSPC, client.write(SIZE - 1, (byte) 1, (byte) 2));
        assertEquals(Errno.ENOSPC, client.write(Long.MIN_VALUE, (byte) 1));
        assertEquals(Errno.ENOSPC, client.call(0, Nbd.CMD_WRITE_ZEROES, SIZE, 1));
        assertEquals(Errno.EINVAL, client.call(0, Nbd.CMD_TRIM, 1, SIZE));
        assertTrue(disk.log.isEmpty(), "none of them reached the disk");
    }

    @Test
    void whatIsNotKnownIsRefused() throws IOException {
        assertEquals(Errno.EINVAL, client.call(0, 5, 0, 4096), "CACHE");
        assertEquals(Errno.EINVAL, client.call(0, 7, 0, 4096), "BLOCK_STATUS");
        assertEquals(Errno.EINVAL, client.call(0, 0xffff, 0, 4096));
        assertEquals(Errno.EINVAL, client.call(Nbd.CMD_FLAG_NO_HOLE, Nbd.CMD_READ, 0, 4096));
        assertEquals(Errno.EINVAL, client.call(1 << 15, Nbd.CMD_WRITE, 0, 3, new byte[3]));
        assertEquals(Errno.EINVAL, client.call(0, Nbd.CMD_FLUSH, 0, 1));
        assertTrue(disk.log.isEmpty(), "none of them reached the disk");
        assertEquals(0, client.call(0, Nbd.CMD_FLUSH, 0, 0));
    }

    @Test
    void emptyRequestsSucceedWithoutTheDisk() throws IOException {
        for (int command : new int[] {Nbd.CMD_READ, Nbd.CMD_WRITE, Nbd.CMD_TRIM, Nbd.CMD_WRITE_ZEROES}) {
            assertEquals(0, client.call(0, command, 7, 0));
        }
        assertTrue(disk.log.isEmpty());
    }

    @Test
    void readOnlyExportRefusesWhatModifies() throws IOException {
        rig.export("ro", new TestDisk(4096), false);
        try (TestClient reader = rig.client("ro")) {
            assertEquals(Errno.EPERM, reader.write(0, new byte[100]));
            assertEquals(Errno.EPERM, reader.call(0, Nbd.CMD_TRIM, 0, 1));
            assertEquals(Errno.EPERM, reader.call(0, Nbd.CMD_WRITE_ZEROES, 0, 1));
            assertEquals(0, reader.call(0, Nbd.CMD_FLUSH, 0, 0));
            assertArrayEquals(new byte[4096], reader.read(0, 4096));
        }
    }

    @Test
    void errorsOfTheDiskReachTheClient() throws IOException {
        disk.failWith = Errno.EIO;
        assertEquals(Errno.EIO, client.call(0, Nbd.CMD_READ, 0, 100_000));
        assertEquals(Errno.EIO, client.write(0, new byte[100_000]));
        disk.failWith = Errno.ENOTSUP;
        assertEquals(Errno.ENOTSUP, client.call(Nbd.CMD_FLAG_FAST_ZERO, Nbd.CMD_WRITE_ZEROES, 0, 1));
        assertEquals(Errno.EINVAL, client.call(0, Nbd.CMD_WRITE_ZEROES, 0, 1));
        assertEquals(0, client.call(0, Nbd.CMD_TRIM, 0, 1), "a trim is a hint");
        disk.failWith = 110;
        assertEquals(Errno.EIO, client.call(0, Nbd.CMD_FLUSH, 0, 0), "no number of NBD's");
    }

    @Test
    void repliesOvertakeOneAnother() throws IOException {
        disk.hold = request -> request.offset() == 0;
        client.send(TestClient.request(0, Nbd.CMD_READ, 1, 0, 4));
        client.send(TestClient.request(0, Nbd.CMD_READ, 2, 4, 4));
        assertEquals(2, client.reply().cookie());
        client.receive(4);
        disk.releaseAll();
        assertEquals(1, client.reply().cookie());
        client.receive(4);
    }

    @Test
    void moreRequestsThanSlotsInOneSend() throws IOException {
        disk.logging = false;
        int count = 1000;
        ByteBuffer batch = ByteBuffer.allocate(count * 28);
        for (int i = 0; i < count; i++) {
            batch.put(TestClient.request(0, i % 3 == 0 ? 77 : Nbd.CMD_READ, i, i, 3));
        }
        client.send(batch.flip());
        Set<Long> cookies = new HashSet<>();
        for (int i = 0; i < count; i++) {
            TestClient.Reply reply = client.reply();
            assertEquals(reply.cookie() % 3 == 0 ? Errno.EINVAL : 0, reply.error());
            if (reply.error() == 0) {
                client.receive(3);
            }
            cookies.add(reply.cookie());
        }
        assertEquals(count, cookies.size());
    }

    @Test
    void batchesAreAnsweredWholeHoweverTheRingsWrap() throws IOException {
        disk.logging = false;
        int batch = 13; // coprime to every ring's capacity
        for (int i = 0; i < 1000; i++) {
            ByteBuffer requests = ByteBuffer.allocate(batch * 28);
            for (int j = 0; j < batch; j++) {
                requests.put(TestClient.request(0, Nbd.CMD_FLUSH, j, 0, 0));
            }
            client.send(requests.flip());
            for (int j = 0; j < batch; j++) {
                assertEquals(new TestClient.Reply(0, j), client.reply(), "batch " + i);
            }
        }
    }

    @Test
    void clientThatReadsNoReplyIsNotReadEither() throws IOException {
        disk.logging = false;
        List<Long> sent = new ArrayList<>();
        client.channel.configureBlocking(false);
        ByteBuffer request = TestClient.request(0, Nbd.CMD_READ, 0, 0, 1 << 20);
        // Until both sockets are full: the server holds at most its limit meanwhile.
        int stuck = 0;
        while (stuck < 200) {
            if (client.channel.write(request) == 0) {
                stuck++;
                Rig.pause();
            } else if (!request.hasRemaining()) {
                sent.add((long) sent.size());
                request = TestClient.request(0, Nbd.CMD_READ, sent.size(), 0, 1 << 20);
                stuck = 0;
            }
            long bound = PayloadPool.Account.LIMIT + (1 << 20);
            assertTrue(rig.server.bufferBytes() <= bound, rig.server.bufferBytes() + " bytes held");
        }
        client.channel.configureBlocking(true);
        for (int i = 0; i < sent.size(); i++) {
            assertEquals(0, client.reply().error());
            client.receive(1 << 20);
        }
    }

    @Test
    void badMagicEndsTheConnection() throws IOException {
        client.send(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        assertTrue(client.isClosedByServer());
        try (TestClient other = rig.client("disk")) {
            other.send(TestClient.request(0, Nbd.CMD_READ, 1, 0, 1).put(0, (byte) 9));
            assertTrue(other.isClosedByServer());
        }
    }

    @Test
    void disconnectLetsRequestsFinish() throws IOException {
        disk.hold = request -> true;
        client.send(TestClient.request(0, Nbd.CMD_WRITE, 1, 0, 1, (byte) 42));
        client.disconnect();
        Rig.await("the write is in the driver", () -> disk.outstanding() == 1);
        disk.releaseAll();
        assertEquals(new TestClient.Reply(0, 1), client.reply());
        assertTrue(client.isClosedByServer());
        assertEquals(42, disk.content()[0]);
    }
}
