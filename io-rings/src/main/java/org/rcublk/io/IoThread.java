// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.rcu.ReaderIndex;
import org.rcublk.rcu.ReaderThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An IOThread: an agent whose duty cycle is the only place where the requests of its virtqueues are touched.
 *
 * <pre>
 * cycle:  tasks and resumed requests -> sockets -> virtqueues (admit) -> engine (start a batch, complete) -> timers
 *         -> producers told, once a queue
 * idle:   a few empty cycles, then announce sleep, fence, look again, block in the one blocking point
 * </pre>
 *
 * <p>Others reach it through {@link #execute} and {@link Request#resume} (unbounded, rare), through rings (bounded, their
 * space reserved before), and through flags that are looked at again before sleep; each followed by a wake-up that costs
 * a load unless the thread sleeps ({@link Sleeper}).
 *
 * <p>Runs on a {@link ReaderThread} of its own ({@link #start}), or is driven by
 * hand ({@link #driven}).
 */
@IoThreadOnly
public final class IoThread implements Agent, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IoThread.class);
    private static final int TIMER_BURST = 64;
    private static final int MAILBOX_BURST = 64;

    private final String name;
    private final StorageEngine engine;
    private final ManyToOneConcurrentLinkedQueue<IoTask> tasks = new ManyToOneConcurrentLinkedQueue<>();
    private final ManyToOneConcurrentLinkedQueue<Request> resumed = new ManyToOneConcurrentLinkedQueue<>();
    private final TimerQueue timers = new TimerQueue();
    private final ChildPool children = new ChildPool(this);
    private final FrontPool fronts = new FrontPool();
    private final RequestList finished = new RequestList();

    @ConfinedTo("this IOThread")
    private boolean handingBack;

    private final Sleeper sleeper;
    private final AtomicReference<Virtqueue[]> queues = new AtomicReference<>(new Virtqueue[0]);
    private @Nullable AgentRunner runner;
    private volatile @Nullable Thread thread;
    private volatile boolean ended; // last, by the thread itself

    @ConfinedTo("this IOThread")
    private int readerIndex;

    @ConfinedTo("this IOThread")
    private long cycleNanos;

    /**
     * Creates an IOThread; {@link #start} runs it.
     *
     * @param name the thread's name
     * @param engineFactory makes the engine that this IOThread owns
     */
    @GlobalState
    public IoThread(String name, @GlobalState Function<IoThread, StorageEngine> engineFactory) {
        this(name, engineFactory, Sleeper.DEFAULT_POLL_NANOS);
    }

    /**
     * Creates an IOThread.
     *
     * @param name the thread's name
     * @param engineFactory makes the engine that this IOThread owns
     * @param pollMaxNanos how long to go on looking for work before sleeping, as QEMU's poll-max-ns; 0 for not at all,
     *     otherwise some more while requests wait at a gate
     */
    @GlobalState
    public IoThread(String name, @GlobalState Function<IoThread, StorageEngine> engineFactory, long pollMaxNanos) {
        this(name, engineFactory, pollMaxNanos, -1);
    }

    @GlobalState
    private IoThread(
            String name,
            @GlobalState Function<IoThread, StorageEngine> engineFactory,
            long pollMaxNanos,
            int readerIndex) {
        this.name = name;
        this.readerIndex = readerIndex;
        this.sleeper = new Sleeper(this, pollMaxNanos);
        this.engine = engineFactory.apply(this);
    }

    /**
     * An IOThread that no thread of its own drives: whoever owns the reader index calls {@link #doWork}.
     *
     * @param name the name for reports
     * @param engineFactory makes the engine
     * @param reader the index that it counts under
     * @return the IOThread
     */
    @GlobalState
    public static IoThread driven(
            String name, @GlobalState Function<IoThread, StorageEngine> engineFactory, ReaderIndex reader) {
        return new IoThread(name, engineFactory, 0, reader.value());
    }

    /**
     * Starts the thread.
     *
     * @return this
     */
    @GlobalState
    public synchronized IoThread start() {
        assert ThreadRules.mayBlock() : ThreadRules.blocks("IoThread.start");
        if (runner != null) {
            throw new IllegalStateException("IOThread " + name + " runs already");
        }
        AgentRunner agentRunner = new AgentRunner(sleeper, this::cycleFailed, null, this);
        runner = agentRunner;
        AgentRunner.startOnThread(agentRunner, body -> new ReaderThread(name, false, () -> runToEnd(body)));
        return this;
    }

    /** Also when an error ends the cycle: reports then say so of its requests, for which nothing else will happen. */
    private void runToEnd(Runnable body) {
        try {
            body.run();
        } finally {
            ended = true;
        }
    }

    /**
     * Stops the thread after its current cycle and waits for it. Requests under way are left as they are: they complete
     * no more, so hand the queues over or close them before. A change or a drain that needs them to end does not hang: it
     * is given up at its deadline, and its message names the oldest of them and says that its IOThread has ended.
     */
    @Override
    @GlobalState
    public synchronized void close() {
        assert ThreadRules.mayBlock() : ThreadRules.blocks("IoThread.close");
        if (runner != null) {
            sleeper.stop();
            runner.close();
            runner = null;
        }
    }

    @Override
    @AnyThread
    public String roleName() {
        return name;
    }

    /**
     * The thread's name.
     *
     * @return the name
     */
    @AnyThread
    public String name() {
        return name;
    }

    /**
     * Whether the thread has run and ended, because it was closed or an error that is no request's ended it.
     *
     * @return true if it looks at its queues no more
     */
    @AnyThread
    public boolean ended() {
        return ended;
    }

    @Override
    public void onStart() {
        thread = Thread.currentThread();
        ReaderThread reader = ReaderThread.currentOrNull();
        if (reader != null) {
            readerIndex = reader.readerIndex();
        }
    }

    @Override
    public void onClose() {
        sleeper.closeSelector();
        fronts.bounce().clear();
    }

    /**
     * Whether the caller runs on this IOThread.
     *
     * @return true on the thread itself
     */
    @AnyThread
    @SuppressWarnings("ReferenceEquality") // a thread is an identity
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /**
     * Whether the caller may touch what belongs to this IOThread: on the thread itself, or, where the IOThread has no thread
     * of its own or none yet, on whichever thread drives it. For assertions.
     *
     * @return false on another thread
     */
    @AnyThread
    @SuppressWarnings("ReferenceEquality") // a thread is an identity
    public boolean mayBeHere() {
        Thread own = thread;
        return own == null || own == Thread.currentThread();
    }

    @Override
    public int doWork() {
        assert mayBeHere() : ThreadRules.belongsTo(this, "a cycle");
        cycleNanos = System.nanoTime();
        int work = runTasks();
        work += sleeper.selectNow();
        for (Virtqueue queue : queues.get()) {
            work += queue.poll();
        }
        engine.flush();
        work += engine.poll();
        work += timers.poll(TIMER_BURST);
        for (Virtqueue queue : queues.get()) {
            queue.notifyProducer();
        }
        engine.flush();
        return work;
    }

    private int runTasks() {
        int work = 0;
        for (int i = 0; i < MAILBOX_BURST; i++) {
            Request request = resumed.poll();
            if (request == null) {
                break;
            }
            timers.cancel(request);
            deliverResume(request);
            work++;
        }
        for (int i = 0; i < MAILBOX_BURST; i++) {
            IoTask task = tasks.poll();
            if (task == null) {
                break;
            }
            guarded("a task", task);
            work++;
        }
        return work;
    }

    /** Runs what is not ours: no failure of it may cost a queue its turn. */
    void guarded(String what, IoTask foreign) {
        try {
            foreign.run();
        } catch (RuntimeException | Error bug) {
            reportBug(what + " threw", bug);
        }
    }

    /** Whether a cycle would find something; looked at after the announcement of sleep. */
    boolean hasWork() {
        if (!tasks.isEmpty() || !resumed.isEmpty() || engine.hasCompletions()) {
            return true;
        }
        for (Virtqueue queue : queues.get()) {
            if (queue.hasWork()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a request of one of its queues waits at a gate. */
    boolean parksRequests() {
        for (Virtqueue queue : queues.get()) {
            if (queue.parked() > 0) {
                return true;
            }
        }
        return false;
    }

    /** Nanoseconds that the thread may sleep before a timer is due or the engine wants to be looked at. */
    long maxSleepNanos() {
        return Math.min(timers.untilNext(), engine.maxSleepNanos());
    }

    /**
     * Runs a task on this IOThread soon. For control, not for requests: it allocates.
     *
     * @param task what to run; must not block
     */
    @AnyThread
    public void execute(@IoThreadOnly Runnable task) {
        tasks.add(task::run);
        sleeper.wakeIfAsleep();
    }

    /** Wakes the thread if it has announced that it sleeps; otherwise costs a fence and a load. */
    @AnyThread
    public void wakeIfAsleep() {
        sleeper.wakeIfAsleep();
    }

    @AnyThread
    void wakeAfterFence() {
        sleeper.wakeAfterFence();
    }

    /**
     * Watches a channel from this IOThread.
     *
     * @param channel non-blocking, and registered with no other IOThread
     * @param ops {@link SelectionKey} interest bits
     * @param handler called when it is ready
     * @return the key, to change interest; cancel it or close the channel to stop
     * @throws ClosedChannelException if the channel is closed
     */
    public SelectionKey register(SelectableChannel channel, int ops, SocketHandler handler)
            throws ClosedChannelException {
        assert mayBeHere() : ThreadRules.belongsTo(this, "the registration of a channel");
        return channel.register(sleeper.selector(), ops, handler);
    }

    /**
     * The engine that this IOThread owns.
     *
     * @return the engine, whose calls are this IOThread's
     */
    @AnyThread
    public StorageEngine engine() {
        return engine;
    }

    /**
     * The index that this IOThread counts under in read domains.
     *
     * @return its reader index
     */
    public int readerIndex() {
        return readerIndex;
    }

    /**
     * The time at which the current cycle began: good enough for ages, and cheaper than asking again.
     *
     * @return a {@link System#nanoTime} value
     */
    public long cycleNanos() {
        return cycleNanos;
    }

    TimerQueue timers() {
        return timers;
    }

    @AnyThread
    void resume(Request request) {
        resumed.add(request);
        sleeper.wakeIfAsleep();
    }

    void deliverResume(Request request) {
        assert mayBeHere() : ThreadRules.belongsTo(this, "the resumption of " + request);
        PlanNode at = request.at;
        if (at == null || request.state != Request.RUNNING) {
            reportBug("resumed a request that does not wait: " + request, new IllegalStateException("resume"));
            return;
        }
        try {
            goOn(at, request);
        } catch (RuntimeException | Error bug) {
            failRequest(request, "driver " + at.driver().driverName() + " threw on " + request, bug);
        }
    }

    @SuppressWarnings("ReadSectionRequired") // the request holds its token until it completes
    private static void goOn(PlanNode at, Request request) {
        Front front = request.front;
        if (request.frontWaits && front != null) {
            front.resumed(request);
        } else {
            at.driver().resumed(at, request);
        }
    }

    FrontPool fronts() {
        return fronts;
    }

    Request acquireChild() {
        return children.acquire();
    }

    /**
     * Ends a child's section, gives it back to the driver that forked it, and recycles it. A child that completes while
     * another is given back waits for that: a driver that forks one child after the other, each of which completes at
     * once, would otherwise go one level deeper into the stack with each.
     */
    void finishChild(Request child) {
        child.device().admission().complete(child);
        child.state = Request.FREE;
        finished.add(child);
        if (handingBack) {
            return;
        }
        handingBack = true;
        try {
            for (Request next = finished.remove(); next != null; next = finished.remove()) {
                handBack(next);
            }
        } finally {
            handingBack = false;
        }
    }

    private void handBack(Request child) {
        Request parent = child.parent;
        PlanNode forkedBy = child.forkedBy;
        if (parent == null || forkedBy == null) {
            throw new IllegalStateException(child + " has no parent");
        }
        try {
            // The parent is at the node that forked again: a report must not name the child's node any more.
            parent.at = forkedBy;
            deliver(child, forkedBy, parent);
        } catch (RuntimeException | Error bug) {
            failRequest(parent, "driver " + forkedBy.driver().driverName() + " threw on " + parent, bug);
        } finally {
            children.release(child);
        }
    }

    @SuppressWarnings("ReadSectionRequired") // the parent holds its token until it completes
    private static void deliver(Request child, PlanNode forkedBy, Request parent) {
        FrontWork work = parent.work;
        if (child.forkedAs == Front.RELAY) {
            parent.complete(child.status);
        } else if (child.forkedAs == Front.PIECE && work != null) {
            work.childCompleted(child);
        } else {
            forkedBy.driver().childCompleted(forkedBy, parent, child);
        }
    }

    private void failRequest(Request request, String what, Throwable bug) {
        reportBug(what, bug);
        if (request.state == Request.RUNNING) {
            request.complete(-Errno.EIO);
        }
    }

    @AnyThread
    void reportBug(String what, Throwable bug) {
        try {
            LOG.error("IOThread {}: {}: {}", name, what, bug.toString(), bug);
        } catch (RuntimeException | Error unreported) {
            // There is no other place to say so, and what the report is about is still to be dealt with.
        }
    }

    @AnyThread
    private void cycleFailed(Throwable bug) {
        reportBug("a cycle failed", bug);
    }

    // No monitor: close() holds it while it waits for this thread, which may be taking a queue off.

    @AnyThread
    void addQueue(Virtqueue queue) {
        queues.updateAndGet(before -> {
            Virtqueue[] grown = Arrays.copyOf(before, before.length + 1);
            grown[before.length] = queue;
            return grown;
        });
    }

    void removeQueue(Virtqueue queue) {
        queues.updateAndGet(
                before -> Arrays.stream(before).filter(other -> other != queue).toArray(Virtqueue[]::new));
    }
}
