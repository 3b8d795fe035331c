// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.graph.AttachRoot;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.GraphChange;
import org.rcublk.graph.GraphRoot;
import org.rcublk.graph.Publication;

/** An admission that throws keeps no section open, and its request completes all the same. */
@Timeout(60)
class AdmissionFaultsTest {
    private final TestDisk disk = new TestDisk();

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
    }

    @Test
    void aSectionEndsWhenTheRouteCannotBeLookedUp() {
        Request child = new Request(null, -1, disk.driven); // has no queue that remembers routes
        int reader = disk.driven.readerIndex();
        assertThrows(IllegalStateException.class, () -> disk.admission.admit(child, disk.device, reader));
        assertEquals(0, disk.device.domain().openSections());
        disk.device.domain().synchronize(); // returns
    }

    @Test
    void aRequestWhoseAdmissionThrowsCompletesWithAnError() {
        Faulty faulty = new Faulty(disk.admission);
        Device device = new Device("root1", faulty);
        disk.live.commit(new AttachRoot(new GraphRoot("root1", "disk0", false, device)), TestDisk.LONG);
        TestDisk.Client client = disk.client(device, disk.driven, 2);
        faulty.throwing = true;
        assertEquals(-Errno.EIO, client.io(BlockOp.FLUSH, 0, 0));
        assertEquals(1, CapturedLogs.with("a bug of the admission").size());
        assertTrue(CapturedLogs.with("root1").size() > 0);
        faulty.throwing = false;
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        assertEquals(0, device.domain().openSections());
        disk.detach("root1");
    }

    @Test
    void aRequestWhoseFailureCannotBeReportedCompletesToo() {
        Faulty faulty = new Faulty(disk.admission);
        Device device = new Device("root1", faulty);
        disk.live.commit(new AttachRoot(new GraphRoot("root1", "disk0", false, device)), TestDisk.LONG);
        TestDisk.Client client = disk.client(device, disk.driven, 2);
        faulty.unspeakable = true;
        assertEquals(-Errno.EIO, client.io(BlockOp.FLUSH, 0, 0));
        faulty.unspeakable = false;
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        disk.detach("root1");
    }

    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("nor can it be told");
        }
    }

    /** Admits as another does, unless it throws. */
    private static final class Faulty implements Admission {
        private final Admission good;
        private boolean throwing;
        private boolean unspeakable;

        Faulty(Admission good) {
            this.good = good;
        }

        @Override
        public String design() {
            return "faulty";
        }

        @Override
        public int admit(Request request, Device device, int reader) {
            if (throwing) {
                throw new IllegalStateException("a bug of the admission");
            }
            if (unspeakable) {
                throw new Unspeakable();
            }
            return good.admit(request, device, reader);
        }

        @Override
        public void fork(Request parent, Request child) {
            good.fork(parent, child);
        }

        @Override
        public boolean gated(Request request) {
            return good.gated(request);
        }

        @Override
        public void complete(Request request) {
            good.complete(request);
        }

        @Override
        public Publication change(GraphChange change, Duration patience) {
            return good.change(change, patience);
        }

        @Override
        public BlockGraph graph() {
            return good.graph();
        }
    }
}
