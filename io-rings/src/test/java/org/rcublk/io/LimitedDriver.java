// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Limits;

/**
 * A disk in an array, with limits and capabilities that a test chooses, that notes every request which breaks them, and that
 * completes requests at once, when the test says so, or in any order.
 */
final class LimitedDriver extends BlockDriver implements AutoCloseable {
    /** When requests complete. */
    enum Order {
        AT_ONCE,
        /** The test takes them from {@link LimitedDriver#held}. */
        HELD,
        /** From a timer, after steps of the driver's own. */
        TIMED,
        /** Some time later, shuffled, by a thread of the disk. */
        SHUFFLED
    }

    final byte[] data;
    final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    final List<String> log = Collections.synchronizedList(new ArrayList<>());
    final List<Request> held = new ArrayList<>();
    volatile LongSupplier size;
    volatile Order order = Order.AT_ONCE;
    volatile boolean forwards;
    volatile ToIntFunction<Request> refuse = request -> 0;
    volatile ToIntFunction<Request> fail = request -> 0;
    private final Limits limits;
    private final Set<Capability> capabilities;
    private final LinkedBlockingQueue<Request> later = new LinkedBlockingQueue<>();
    private volatile boolean stopped;

    LimitedDriver(int size, Limits limits, Capability... capabilities) {
        this.data = new byte[size];
        this.size = () -> size;
        this.limits = limits;
        this.capabilities = EnumSet.noneOf(Capability.class);
        this.capabilities.addAll(List.of(capabilities));
    }

    @Override
    public String driverName() {
        return "limited";
    }

    @Override
    public long size(PlanNode self) {
        return size.getAsLong();
    }

    @Override
    public Limits limits(BlockNode self) {
        return limits;
    }

    @Override
    public Set<Capability> capabilities(BlockNode self) {
        return capabilities;
    }

    @Override
    public int submit(PlanNode self, Request request) {
        log.add(request.op() + " " + request.offset() + "+" + request.length()
                + (request.has(BlockOp.FLAG_FUA) ? " fua" : ""));
        check(request);
        int refused = refuse.applyAsInt(request);
        if (refused != 0) {
            return refused;
        }
        if (forwards) {
            int below = self.main().submit(request);
            return below == 0 ? 0 : self.main().submit(request); // as one that has another child to try would
        }
        switch (order) {
            case AT_ONCE -> finish(request);
            case HELD -> held.add(request);
            case TIMED -> wait(request);
            case SHUFFLED -> later.add(request);
        }
        return 0;
    }

    private void wait(Request request) {
        expect(request.step() == 0 && request.cursor() == 0 && request.frame() == null, "a used frame", request);
        request.step(7);
        request.cursor(9);
        request.frame(this);
        request.startTimer(0);
    }

    @Override
    public void resumed(PlanNode self, Request request) {
        if (order == Order.TIMED) {
            expect(request.step() == 7 && request.cursor() == 9 && request.frame() == this, "a lost frame", request);
        }
        finish(request);
    }

    private void check(Request request) {
        long from = request.offset();
        long to = from + request.length();
        switch (request.op()) {
            case READ, WRITE -> {
                range(request, limits.alignment(), limits.maxTransfer());
                int room = request.buffer().capacity() - request.bufferOffset();
                expect(request.length() <= room, "the buffer ends before the payload", request);
            }
            case WRITE_ZEROES -> {
                boolean any = capabilities.contains(Capability.ZEROES) || capabilities.contains(Capability.ALL_ZEROES);
                expect(any, "takes no zeroes", request);
                range(request, limits.zeroesAlignment(), limits.maxZeroes());
            }
            case DISCARD -> range(request, limits.discardAlignment(), limits.maxDiscard());
            case FLUSH -> {}
        }
        boolean fua = capabilities.contains(Capability.FUA) || !request.has(BlockOp.FLAG_FUA);
        expect(fua, "does not know FUA", request);
        expect(to <= data.length, "past the end", request);
    }

    private void range(Request request, long alignment, long most) {
        long end = request.offset() + request.length();
        boolean aligned = request.offset() % alignment == 0 && (end % alignment == 0 || end == data.length);
        expect(aligned, "not aligned to " + alignment, request);
        expect(most == 0 || request.length() <= most, "longer than " + most, request);
        expect(request.length() > 0, "nothing to do", request);
    }

    private void expect(boolean right, String what, Request request) {
        if (!right) {
            wrong.add(what + ": " + request);
        }
    }

    /** Does the I/O and completes. */
    void finish(Request request) {
        int status = fail.applyAsInt(request);
        request.complete(status != 0 ? status : perform(request));
    }

    /** The oldest that is held. */
    void finishNext() {
        finish(held.removeFirst());
    }

    private int perform(Request request) {
        int at = (int) request.offset();
        int length = (int) request.length();
        switch (request.op()) {
            case READ -> request.buffer().clear().put(request.bufferOffset(), data, at, length);
            case WRITE -> request.buffer().clear().get(request.bufferOffset(), data, at, length);
            case DISCARD, WRITE_ZEROES -> Arrays.fill(data, at, at + length, (byte) 0);
            case FLUSH -> {}
        }
        return 0;
    }

    /** Completes what comes in any order, a moment later, from now on. */
    void shuffle(long seed) {
        order = Order.SHUFFLED;
        Thread thread = new Thread(() -> shuffling(new Random(seed)), "shuffler");
        thread.setDaemon(true);
        thread.start();
    }

    private void shuffling(Random random) {
        List<Request> some = new ArrayList<>();
        try {
            while (!stopped) {
                Request first = later.poll(10, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                some.add(first);
                for (Request more = later.poll(50, TimeUnit.MICROSECONDS); more != null && some.size() < 8; ) {
                    some.add(more);
                    more = later.poll(50, TimeUnit.MICROSECONDS);
                }
                Collections.shuffle(some, random);
                some.forEach(Request::resume);
                some.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        stopped = true;
    }
}
