// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.rcublk.graph.AddNodes;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Limits;

/** A disk whose driver has limits, with a model of what it holds. */
abstract class FrontFixture {
    static final int BLOCK = 4096;

    final TestDisk disk = new TestDisk();
    final Random random = new Random(7);
    LimitedDriver driver;
    Device device;
    TestDisk.Client client;
    byte[] model;

    /** A disk of random bytes, and a client on the test's thread. */
    void disk(int size, Limits limits, Capability... capabilities) {
        driver = new LimitedDriver(size, limits, capabilities);
        random.nextBytes(driver.data);
        model = driver.data.clone();
        disk.live.commit(AddNodes.of(BlockNode.of("lim", "limited", driver)), Waits.LONG);
        device = disk.attach("lim-root", "lim", true);
        client = disk.client(device, disk.driven, 16);
    }

    @AfterEach
    void close() {
        disk.assertQuiet();
        if (device != null) {
            assertEquals(0, device.domain().openSections(), "open sections");
            device.queues().forEach(queue -> assertEquals(0, queue.running(), "running"));
            driver.close();
            assertEquals(List.of(), driver.wrong, "requests that the driver must not be given");
        }
        disk.close();
    }

    int read(int at, int length) {
        byte[] bytes = new byte[length + 3];
        int status = client.io(BlockOp.READ, 0, at, length, ByteBuffer.wrap(bytes), 2);
        if (status == 0) {
            assertEquals(-1, Arrays.mismatch(model, at, at + length, bytes, 2, 2 + length), at + "+" + length);
            assertEquals(0, bytes[0] + bytes[1] + bytes[length + 2], "bytes around the payload");
        }
        return status;
    }

    /** Submits a write of random bytes, which the model has already. */
    int submitWrite(int flags, int at, int length) {
        byte[] bytes = new byte[length + 3];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 2, model, at, length);
        return client.submit(BlockOp.WRITE, flags, at, length, ByteBuffer.wrap(bytes), 2);
    }

    int write(int flags, int at, int length) {
        int slot = submitWrite(flags, at, length);
        client.await(1);
        return client.status[slot];
    }

    int zero(int flags, int at, int length) {
        Arrays.fill(model, at, at + length, (byte) 0);
        return client.io(BlockOp.WRITE_ZEROES, flags, at, length, null, 0);
    }

    int discard(int at, int length) {
        return client.io(BlockOp.DISCARD, 0, at, length, null, 0);
    }

    void assertModel() {
        assertEquals(-1, Arrays.mismatch(model, driver.data), "first byte that is wrong");
    }

    /** What the driver was given since the last call. */
    List<String> log() {
        List<String> now = List.copyOf(driver.log);
        driver.log.clear();
        return now;
    }
}
