// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import org.junit.jupiter.api.Test;

class BlockingOnIoThreadTest {
    private final RuleSources sources = new RuleSources(BlockingOnIoThread.class, getClass());

    @Test
    void reportsKnownBlockingCallsFromIoAndAnyThread() {
        sources.check("""
                class Seed {
                    @IoThreadOnly void io(Lock lock, Condition condition, CountDownLatch latch) throws Exception {
                        // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls Thread.sleep, which may block
                        Thread.sleep(1);
                        // BUG: Diagnostic contains: Object.wait
                        wait();
                        // BUG: Diagnostic contains: Lock.lock
                        lock.lock();
                        // BUG: Diagnostic contains: Lock.tryLock
                        lock.tryLock(1, TimeUnit.SECONDS);
                        // BUG: Diagnostic contains: Condition.await
                        condition.await();
                        // BUG: Diagnostic contains: CountDownLatch.await
                        latch.await();
                        // BUG: Diagnostic contains: LockSupport.parkNanos
                        LockSupport.parkNanos(1);
                    }
                    @AnyThread void any(Future<?> future, CompletableFuture<?> stage, Thread thread) throws Exception {
                        // BUG: Diagnostic contains: Seed.any is @AnyThread and calls Future.get, which may block
                        future.get();
                        // BUG: Diagnostic contains: CompletableFuture.join
                        stage.join();
                        // BUG: Diagnostic contains: CompletableFuture.get
                        stage.get(1, TimeUnit.SECONDS);
                        // BUG: Diagnostic contains: Thread.join
                        thread.join();
                        // BUG: Diagnostic contains: TimeUnit.sleep
                        TimeUnit.SECONDS.sleep(1);
                    }
                }
                """);
    }

    @Test
    void acceptsWhatDoesNotBlock() {
        sources.check("""
                class Seed {
                    @IoThreadOnly void io(Lock lock, CountDownLatch latch, Selector selector, CompletableFuture<?> stage,
                            BlockingQueue<String> queue, Semaphore semaphore, SocketChannel socket) throws Exception {
                        lock.tryLock();
                        lock.unlock();
                        latch.countDown();
                        latch.getCount();
                        selector.selectNow();
                        selector.wakeup();
                        stage.getNow(null);
                        stage.isDone();
                        stage.complete(null);
                        queue.offer("x");
                        queue.poll();
                        semaphore.tryAcquire();
                        semaphore.release();
                        socket.read(ByteBuffer.allocate(1));
                        socket.write(ByteBuffer.allocate(1));
                        Thread.yield();
                        Thread.onSpinWait();
                        LockSupport.unpark(null);
                        notify();
                    }
                    @GlobalState void global(Lock lock) throws Exception { lock.lock(); Thread.sleep(1); }
                    @WaitsForGracePeriod synchronized void waits(Lock lock) throws Exception { lock.lock(); wait(); }
                    synchronized void unruled(Lock lock) throws Exception { lock.lock(); synchronized (lock) {} }
                }
                """);
    }

    @Test
    void findsListedMethodsBehindOverrides() {
        sources.check("""
                class Seed {
                    static class Slow extends LinkedBlockingQueue<String> {
                        @Override public void put(String item) throws InterruptedException {}
                        public void put(int item) {}
                    }
                    static class Mine extends Thread {
                        @IoThreadOnly void end() throws Exception {
                            // BUG: Diagnostic contains: Thread.join
                            join();
                            // BUG: Diagnostic contains: Thread.sleep
                            Mine.sleep(1);
                        }
                    }
                    @IoThreadOnly void io(ReentrantLock lock, ReentrantReadWriteLock pair, Slow slow, StampedLock stamped,
                            LinkedBlockingQueue<String> queue, FutureTask<?> task, ForkJoinPool pool) throws Exception {
                        // BUG: Diagnostic contains: ReentrantLock.lock
                        lock.lock();
                        // BUG: Diagnostic contains: ReadLock.lock
                        pair.readLock().lock();
                        // BUG: Diagnostic contains: Slow.put
                        slow.put("x");
                        slow.put(1);
                        // BUG: Diagnostic contains: LinkedBlockingQueue.take
                        queue.take();
                        // BUG: Diagnostic contains: LinkedBlockingQueue.poll
                        queue.poll(1, TimeUnit.SECONDS);
                        // BUG: Diagnostic contains: FutureTask.get
                        task.get();
                        // BUG: Diagnostic contains: StampedLock.readLock
                        stamped.readLock();
                        stamped.tryReadLock();
                        // BUG: Diagnostic contains: ForkJoinPool.close
                        pool.close();
                    }
                }
                """);
    }

    @Test
    void streamsOfMemoryDoNotBlock() {
        sources.check("""
                class Seed {
                    @IoThreadOnly void io(InputStream in, OutputStream out, FileChannel channel, RandomAccessFile file,
                            ByteArrayInputStream bytesIn, ByteArrayOutputStream bytesOut, StringWriter text, File path)
                            throws Exception {
                        // BUG: Diagnostic contains: InputStream.read
                        in.read();
                        // BUG: Diagnostic contains: OutputStream.write
                        out.write(1);
                        // BUG: Diagnostic contains: FileChannel.read
                        channel.read(ByteBuffer.allocate(1), 0);
                        // BUG: Diagnostic contains: FileChannel.force
                        channel.force(true);
                        // BUG: Diagnostic contains: RandomAccessFile.seek
                        file.seek(1);
                        // BUG: Diagnostic contains: new FileInputStream
                        new FileInputStream(path);
                        // BUG: Diagnostic contains: PrintStream.println
                        System.out.println("x");
                        // BUG: Diagnostic contains: Files.size
                        java.nio.file.Files.size(path.toPath());
                        // BUG: Diagnostic contains: File.delete
                        path.delete();
                        bytesIn.read();
                        bytesIn.transferTo(bytesOut);
                        bytesIn.readNBytes(1);
                        bytesOut.write(1);
                        text.append("x");
                        path.getName();
                        new File("x");
                    }
                }
                """);
    }

    @Test
    void monitors() {
        sources.check("""
                class Seed {
                    // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and enters a monitor
                    @IoThreadOnly synchronized void io() {}
                    // BUG: Diagnostic contains: Seed.any is @AnyThread and enters a monitor
                    @AnyThread static synchronized void any() {}
                    @IoThreadOnly void block() {
                        // BUG: Diagnostic contains: Seed.block is @IoThreadOnly and enters a monitor
                        synchronized (this) {}
                    }
                    @GlobalState synchronized void global() { synchronized (this) {} }
                    synchronized void unruled() {}
                    interface Step { @IoThreadOnly void run(); }
                    static class Inherits implements Step {
                        // BUG: Diagnostic contains: Inherits.run is @IoThreadOnly (inherited from Step.run) and enters a monitor
                        public synchronized void run() {}
                    }
                    static void io(@IoThreadOnly Runnable task) {}
                    void lambda() {
                        io(() -> {
                            // BUG: Diagnostic contains: this lambda is @IoThreadOnly
                            synchronized (this) {}
                        });
                        Step kept = () -> {
                            // BUG: Diagnostic contains: this lambda is @IoThreadOnly
                            synchronized (this) {}
                        };
                    }
                }
                @AnyThread
                class Counter {
                    // BUG: Diagnostic contains: Counter.add is @AnyThread (as Counter)
                    synchronized void add() {}
                    @GlobalState synchronized void reset() {}
                }
                """);
    }

    @Test
    void lambdasAndReferencesInsideIoCode() {
        sources.check("""
                class Seed {
                    static void here(Callable<?> task) {}
                    static void control(@GlobalState Callable<?> task) {}
                    @IoThreadOnly void io(CountDownLatch latch, Executor executor, ExecutorService service,
                            Map<String, String> map, CompletableFuture<String> stage) throws Exception {
                        // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls CompletableFuture.get
                        here(() -> stage.get());
                        // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls CompletableFuture.get
                        here(stage::get);
                        // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls CompletableFuture.join
                        map.computeIfAbsent("x", _ -> stage.join());
                        // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls CompletableFuture.join
                        map.computeIfAbsent("x", _ -> map.computeIfAbsent("y", _ -> stage.join()));
                        control(() -> stage.get());
                        control(stage::get);
                        executor.execute(() -> stage.join());
                        service.submit(() -> stage.get());
                        service.submit((Callable<String>) stage::get);
                        Thread.startVirtualThread(() -> stage.join());
                        Thread.ofVirtual().start(() -> stage.join());
                        new Thread(stage::join);
                        CompletableFuture.runAsync(stage::join);
                        stage.thenAcceptAsync(_ -> stage.join());
                        Runnable kept = () -> stage.join();
                        Runnable inner = () -> map.computeIfAbsent("x", _ -> stage.join());
                    }
                    @AnyThread Callable<?> any(CompletableFuture<String> stage) {
                        here(() -> stage.get());
                        return () -> stage.get();
                    }
                }
                """);
    }

    @Test
    void whatAnotherThreadRunsMayBlock() {
        sources.check("""
                class Seed {
                    static class Named extends Thread { Named(String name, Runnable task) { super(task, name); } }
                    static class Pool extends ForkJoinPool {}
                    @IoThreadOnly void io(CompletableFuture<String> future, Lock lock, CompletionStage<String> stage,
                            ScheduledExecutorService timer, Pool pool, Cleaner cleaner) {
                        future.whenComplete((_, _) -> lock.lock());
                        future.thenApply(_ -> { lock.lock(); return 1; }).exceptionally(_ -> { lock.lock(); return 2; });
                        stage.thenAcceptBoth(future, (_, _) -> lock.lock());
                        timer.schedule(lock::lock, 1, TimeUnit.SECONDS);
                        pool.execute(lock::lock);
                        cleaner.register(this, lock::lock);
                        new Timer().schedule(new TimerTask() { public void run() { lock.lock(); } }, 1);
                        new Named("x", lock::lock);
                        new FutureTask<>(lock::lock, null);
                        // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls Lock.lock
                        Optional.of(1).ifPresent(_ -> lock.lock());
                        future.whenComplete((_, _) -> {
                            lock.lock();
                            Optional.of(1).ifPresent(_ -> lock.lock());
                        });
                    }
                }
                """);
    }

    @Test
    void lambdasWithARuleOfTheirOwn() {
        sources.check("""
                class Seed {
                    interface Loop { void execute(@IoThreadOnly Runnable task); }
                    static class Direct implements Loop { public void execute(Runnable task) {} }
                    interface Poll { @AnyThread int poll() throws Exception; }
                    @GlobalState void global(Direct loop, CountDownLatch latch, CompletableFuture<?> stage) throws Exception {
                        // BUG: Diagnostic contains: this lambda is @IoThreadOnly (as parameter task of Loop.execute)
                        loop.execute(() -> stage.join());
                        // BUG: Diagnostic contains: this method reference is @IoThreadOnly
                        loop.execute(stage::join);
                        // BUG: Diagnostic contains: this lambda is @AnyThread (inherited from Poll.poll)
                        Poll poll = () -> { latch.await(); return 1; };
                        latch.await();
                    }
                    // BUG: Diagnostic contains: this method reference is @AnyThread
                    Poll reference = System.in::read;
                    Runnable free = LockSupport::park;
                }
                """);
    }

    @Test
    void classesWithinClasses() {
        sources.check("""
                @IoThreadOnly
                class Seed {
                    static class Inner {
                        void run() {
                            // BUG: Diagnostic contains: Inner.run is @IoThreadOnly (as Seed)
                            LockSupport.park();
                        }
                    }
                    void local() {
                        class Local {
                            void run() {
                                // BUG: Diagnostic contains: Local.run is @IoThreadOnly (as Seed)
                                LockSupport.park();
                            }
                        }
                    }
                    static { LockSupport.park(); }
                    static final Object MADE = Executors.newCachedThreadPool().submit(() -> LockSupport.park());
                    @GlobalState static class Control {
                        void run() { LockSupport.park(); }
                    }
                }
                """);
    }

    @Test
    void recordsAndEnumsWithinClasses() {
        sources.check("""
                @IoThreadOnly
                class Seed {
                    record Range(long from) {
                        Range {
                            // BUG: Diagnostic contains: new Range is @IoThreadOnly (as Seed)
                            LockSupport.park();
                        }
                    }
                    enum Kind {
                        ONE {
                            @Override void go() {
                                // BUG: Diagnostic contains: @IoThreadOnly
                                LockSupport.park();
                            }
                        };
                        void go() {}
                    }
                }
                """);
    }

    @Test
    void hiddenCloseAndSuper() {
        sources.check("""
                class Seed {
                    static class Waits extends LinkedBlockingQueue<String> {
                        @Override @AnyThread public String take() throws InterruptedException {
                            // BUG: Diagnostic contains: Waits.take is @AnyThread and calls LinkedBlockingQueue.take
                            return super.take();
                        }
                    }
                    @IoThreadOnly void io(Waits waits) throws Exception {
                        waits.take();
                        // BUG: Diagnostic contains: ExecutorService.close
                        try (ExecutorService service = Executors.newCachedThreadPool()) {}
                        // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls LockSupport.park
                        new Object() {{ LockSupport.park(); }};
                    }
                }
                """);
    }

    @Test
    void moreMethodsByAnOption() {
        sources.check("""
                class Seed {
                    static class Log { void info(String text) {} static class Deep { Deep() {} } }
                    @IoThreadOnly void io(Log log) {
                        // BUG: Diagnostic contains: Log.info
                        log.info("x");
                        // BUG: Diagnostic contains: new Deep
                        new Log.Deep();
                        // BUG: Diagnostic contains: LockSupport.park
                        LockSupport.park();
                    }
                }
                """, "-XepOpt:BlockingOnIoThread:Also=Seed$Log.info,Seed$Log$Deep.<init>");
    }

    @Test
    void suppressed() {
        sources.check("""
                class Seed {
                    @SuppressWarnings("BlockingOnIoThread") // the loop has nothing to do, and announced that it sleeps
                    @IoThreadOnly void sleep(Selector selector) throws Exception { selector.select(); }
                }
                """);
    }
}
