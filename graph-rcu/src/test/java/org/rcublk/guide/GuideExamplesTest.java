// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rcublk.rcu.GracePeriodStall;
import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReadSection;
import org.rcublk.rcu.ReaderThread;

/** The examples of {@code docs/rcu.md}, run; and the guide holds nothing else. */
@Timeout(60)
class GuideExamplesTest {
    /** Something that must not be used after it is closed. */
    private static final class Connection implements AutoCloseable {
        private final String to;
        private volatile boolean closed;

        Connection(String to) {
            this.to = to;
        }

        String send(String text) {
            assertFalse(closed, "used after close");
            return to + ": " + text;
        }

        @Override
        public void close() {
            assertFalse(closed, "closed twice");
            closed = true;
        }
    }

    /** A connection that is replaced while others use it. */
    static final class Upstream {
        private final ReadDomain domain = new ReadDomain("upstream");
        private final AtomicReference<Connection> current = new AtomicReference<>(new Connection("a"));

        String send(String text) {
            try (ReadSection _ = domain.read()) {
                return current.get().send(text); // a volatile load, inside the section
            }
        }

        void replace(Connection next) {
            Connection old = current.getAndSet(next); // first unreachable for new readers ...
            domain.retire(old::close); // ... then closed, when the last reader has left
        }
    }

    private final AtomicReference<Connection> current = new AtomicReference<>(new Connection("a"));

    @Test
    void replace() throws Exception {
        Upstream upstream = new Upstream();
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Integer> readers = CompletableFuture.supplyAsync(() -> {
            int sent = 0;
            for (int i = 0; i < 20_000; i++, sent++) {
                upstream.send("hello");
                started.countDown();
            }
            return sent;
        });
        started.await();
        for (int i = 0; i < 100; i++) {
            upstream.replace(new Connection("c" + i));
        }
        assertEquals(20_000, readers.get(30, TimeUnit.SECONDS));
        upstream.domain.close();
    }

    @Test
    void asynchronousRequest() throws Exception {
        ReadDomain domain = new ReadDomain("requests");
        BlockingQueue<Runnable> completions = new ArrayBlockingQueue<>(1);
        // A request begins on one thread and ends on another: the token travels with it.
        long token = domain.downRead();
        Connection connection = current.get();
        completions.add(() -> {
            connection.send("done");
            domain.upRead(token);
        });
        // end of the example
        Connection old = current.getAndSet(new Connection("b"));
        assertThrows(TimeoutException.class, () -> domain.synchronize(Duration.ofMillis(5)));
        domain.handOff(token);
        Thread other = new Thread(completions.take());
        other.start();
        domain.synchronize();
        old.close();
        other.join();
        domain.close();
    }

    @Test
    void eventLoop() throws Exception {
        ReadDomain domain = new ReadDomain("loop");
        List<String> log = new ArrayList<>();
        ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Executor loopExecutor = tasks::add;
        // An event loop reads on a slot of its own, and never waits: it asks, and is told.
        Thread loop = new ReaderThread("io0", false, () -> {
            long token = domain.downRead();
            domain.upRead(token);
            long cookie = domain.startPoll();
            domain.whenElapsed(cookie).thenRunAsync(() -> log.add("readers are gone"), loopExecutor);
            while (log.isEmpty()) {
                Runnable task = tasks.poll();
                if (task != null) {
                    task.run();
                }
            }
            done.complete(domain.poll(cookie));
        });
        // end of the example
        loop.start();
        assertTrue(done.get(30, TimeUnit.SECONDS));
        loop.join();
    }

    @Test
    void children() {
        ReadDomain domain = new ReadDomain("children");
        // What a request starts is counted with it, and may outlive it.
        long parent = domain.downRead();
        long child = domain.forkRead(parent);
        domain.upRead(parent);
        assertEquals(1, domain.openSections());
        domain.upRead(child);
        // end of the example
        domain.synchronize();
    }

    @Test
    void stalls() throws Exception {
        ReadDomain domain = new ReadDomain("stalls");
        CompletableFuture<GracePeriodStall> told = new CompletableFuture<>();
        // Who is told when a grace period does not end; the log and Flight Recorder have it too.
        domain.stallThreshold(Duration.ofMillis(50));
        domain.onStall(told::complete);
        // end of the example
        long token = domain.downRead();
        domain.startPoll();
        assertEquals(1, told.get(30, TimeUnit.SECONDS).openSections());
        domain.upRead(token);
    }

    /** Each block of Java in the guide stands in this file, line by line. */
    @Test
    void theGuideShowsThisCode() throws IOException {
        String guide = Files.readString(Path.of("../docs/rcu.md"));
        String self = squeezed(Files.readString(Path.of("src/test/java/org/rcublk/guide/GuideExamplesTest.java")))
                + squeezed(Files.readString(Path.of("src/test/java/org/rcublk/rcu/RcuMetersTest.java")));
        Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(guide);
        int count = 0;
        while (blocks.find()) {
            count++;
            assertTrue(self.contains(squeezed(blocks.group(1))), () -> "not in this test: " + blocks.group(1));
        }
        assertEquals(6, count, "examples in the guide");
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", " ").trim();
    }
}
