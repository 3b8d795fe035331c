// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.rcublk.annotation.RequiresReadSection;
import org.rcublk.graph.BlockNode;

/** A driver whose every hook a test writes. Without a script it is a small memory disk that completes at once. */
final class ScriptedDriver extends BlockDriver {
    /** What a driver does with a request. */
    @FunctionalInterface
    interface Submit {
        @RequiresReadSection
        int submit(PlanNode self, Request request);
    }

    /** What a driver does when a child has completed. */
    @FunctionalInterface
    interface ChildCompleted {
        @RequiresReadSection
        void childCompleted(PlanNode self, Request parent, Request child);
    }

    /** What a driver does when a request is resumed. */
    @FunctionalInterface
    interface Resumed {
        @RequiresReadSection
        void resumed(PlanNode self, Request request);
    }

    static final int SIZE = 1 << 16;
    final byte[] data = new byte[SIZE];
    volatile Submit submit = (self, request) -> serve(request);
    volatile ChildCompleted childCompleted = (self, parent, child) -> parent.complete(child.status());
    volatile Resumed resumed = (self, request) -> serve(request);
    volatile LongSupplier size = () -> SIZE;
    volatile boolean closed;

    @Override
    public String driverName() {
        return "scripted";
    }

    @Override
    public long size(PlanNode self) {
        return size.getAsLong();
    }

    /** All: the tests look at what a driver is given, and are given it. */
    @Override
    public Set<Capability> capabilities(BlockNode self) {
        return EnumSet.of(Capability.FUA, Capability.ALL_ZEROES);
    }

    @Override
    public int submit(PlanNode self, Request request) {
        return submit.submit(self, request);
    }

    @Override
    public void childCompleted(PlanNode self, Request parent, Request child) {
        childCompleted.childCompleted(self, parent, child);
    }

    @Override
    public void resumed(PlanNode self, Request request) {
        resumed.resumed(self, request);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        closed = true;
    }

    /** Performs the request on the memory and completes it. */
    int serve(Request request) {
        request.complete(perform(request));
        return 0;
    }

    int perform(Request request) {
        int at = (int) request.offset();
        int length = (int) request.length();
        switch (request.op()) {
            case READ -> request.buffer().put(request.bufferOffset(), data, at, length);
            case WRITE -> request.buffer().get(request.bufferOffset(), data, at, length);
            case DISCARD, WRITE_ZEROES -> Arrays.fill(data, at, at + length, (byte) 0);
            case FLUSH -> {}
        }
        return 0;
    }
}
