// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What comes in by the wrong thread, or outside a read section, trips an assertion that names the misuse. */
@Timeout(60)
@SuppressWarnings("ReadSectionRequired") // the misuse is what is tested
class ThreadRulesTest {
    private final TestDisk disk = new TestDisk();
    private final IoThread thread = disk.started("io0");

    @AfterEach
    void close() {
        disk.assertQuiet();
        disk.close();
    }

    private static void trips(String what, String rule, Executable misuse) {
        String message = assertThrows(AssertionError.class, misuse).getMessage();
        assertTrue(message.contains(what) && message.contains(rule), message);
    }

    /** On this thread, of what belongs to the other one. */
    private static void wrongThread(String what, Executable misuse) {
        trips(what, "belongs to IOThread io0", misuse);
    }

    private static void noSection(String what, Executable misuse) {
        trips(what, "outside its read section", misuse);
    }

    private void onIoThread(Executable body) throws Exception {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                body.execute();
                done.complete(true);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        assertTrue(done.get());
    }

    /** A request of the running IOThread, from which the test keeps its fingers. */
    private Request running() throws Exception {
        CompletableFuture<Request> held = new CompletableFuture<>();
        disk.driver.submit = (self, request) -> {
            held.complete(request);
            return 0;
        };
        disk.client(disk.device, thread, 1).flush();
        return held.get();
    }

    @Test
    void aRequestIsItsIoThreadsAlone() throws Exception {
        Request request = running();
        PlanNode node = request.at;
        wrongThread("the completion of FLUSH", () -> request.complete(0));
        wrongThread("a fork of FLUSH", () -> request.fork(node, BlockOp.READ, 0, 0));
        wrongThread("a timer of FLUSH", () -> request.startTimer(0));
        wrongThread("a submission to node disk0", () -> node.submit(request));
        wrongThread("the resumption of FLUSH", () -> thread.deliverResume(request));
        onIoThread(() -> request.complete(0));
    }

    @Test
    void theEngineIsItsIoThreadsAlone() throws Exception {
        Request request = running();
        try (StorageWorkers workers = new StorageWorkers(1)) {
            StorageEngine engine = workers.engine(thread);
            wrongThread("storage I/O of FLUSH", () -> engine.submit(request, anyway -> 0));
        }
        onIoThread(() -> request.complete(0));
    }

    @Test
    void cyclesAndChannelsAreTheIoThreadsAlone() throws Exception {
        onIoThread(() -> assertTrue(thread.mayBeHere()));
        wrongThread("a cycle", thread::doWork);
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            source.configureBlocking(false);
            wrongThread("the registration of a channel", () -> register(source));
            assertTrue(sink.isOpen());
        }
    }

    private void register(Pipe.SourceChannel source) throws IOException {
        thread.register(source, SelectionKey.OP_READ, key -> {});
    }

    @Test
    void noNodeIsUsedOutsideASection() {
        List<Request> ended = new ArrayList<>();
        List<PlanNode> nodes = new ArrayList<>();
        disk.driver.submit = (self, request) -> {
            ended.add(request);
            nodes.add(self);
            return disk.driver.serve(request);
        };
        TestDisk.Client client = disk.client(1); // on a thread of no IOThread, which drives one
        assertEquals(0, client.io(BlockOp.FLUSH, 0, 0));
        Request request = ended.get(0);
        noSection("a submission to node disk0", () -> nodes.get(0).submit(request));
        noSection("a fork", () -> request.fork(nodes.get(0), BlockOp.READ, 0, 0));
        try (StorageWorkers workers = new StorageWorkers(1)) {
            StorageEngine engine = workers.engine(disk.driven);
            noSection("storage I/O", () -> engine.submit(request, anyway -> 0));
        }
    }

    @Test
    void anIoThreadIsNoControlPath() throws Exception {
        String rule = "on IOThread io0 may block";
        IoThread other = new IoThread("other", owner -> new TestDisk.NoEngine(), 0);
        StorageWorkers workers = new StorageWorkers(1);
        onIoThread(() -> {
            trips("IoThread.start", rule, other::start);
            trips("IoThread.close", rule, thread::close);
            trips("StorageWorkers.close", rule, workers::close);
        });
        workers.close();
        other.close();
    }

    @Test
    void storageWorkersMayBlock() throws Exception {
        CompletableFuture<Boolean> mayBlock = new CompletableFuture<>();
        try (StorageWorkers workers = new StorageWorkers(1)) {
            disk.driver.submit = (self, request) -> {
                request.thread().engine().submit(request, it -> {
                    mayBlock.complete(ThreadRules.mayBlock());
                    return 0;
                });
                return 0;
            };
            IoThread stored = disk.started(new IoThread("io1", workers::engine, 0));
            assertEquals(0, disk.client(disk.device, stored, 1).io(BlockOp.FLUSH, 0, 0));
            assertTrue(mayBlock.get());
        }
    }
}
