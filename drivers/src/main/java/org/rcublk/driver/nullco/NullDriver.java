// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.nullco;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.NodeSettings;
import org.rcublk.io.BlockDriver;
import org.rcublk.io.BlockOp;
import org.rcublk.io.Capability;
import org.rcublk.io.Errno;
import org.rcublk.io.PlanNode;
import org.rcublk.io.Request;
import org.rcublk.io.Resizing;

/**
 * Completes every request with success and stores nothing. It measures what the layers above cost, and with a latency it
 * stands for a slow disk, with a huge one for a dead disk. Safe on any number of IOThreads: it has no state, and its options
 * are those of the request's version.
 */
public final class NullDriver extends BlockDriver {
    /** The size of a disk for which none is given, as in QEMU: 1 GiB. */
    public static final long DEFAULT_SIZE = 1L << 30;

    private static final byte[] ZEROES = new byte[64 << 10];

    /**
     * Options that a reopen may change, and the size.
     *
     * @param size bytes
     * @param latencyNanos how long each request takes, by a timer of its IOThread; 0 completes at once
     * @param readZeroes whether reads give zeroes; else they leave the buffer as it is
     */
    @AnyThread
    public record Settings(long size, long latencyNanos, boolean readZeroes) implements NodeSettings {}

    private final String name;
    private final Settings opened;
    private final boolean readOnly;

    /**
     * Creates the driver.
     *
     * @param name the name that it was asked for by: null, null-co or null-aio
     * @param size bytes
     * @param latencyNanos how long each request takes, by a timer of its IOThread; 0 completes at once
     * @param readZeroes whether reads give zeroes; else they leave the buffer as it is
     * @param readOnly whether writes are refused
     */
    @AnyThread
    public NullDriver(String name, long size, long latencyNanos, boolean readZeroes, boolean readOnly) {
        this.name = name;
        this.opened = new Settings(size, latencyNanos, readZeroes);
        this.readOnly = readOnly;
    }

    @Override
    public String driverName() {
        return name;
    }

    @Override
    public long size(PlanNode self) {
        return settings(self).size();
    }

    @AnyThread
    private static Settings settings(PlanNode self) {
        return (Settings) self.settings();
    }

    @Override
    public NodeSettings settings() {
        return opened;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    /** It keeps no promise, and so each as well as the other. */
    @Override
    public Set<Capability> capabilities(BlockNode self) {
        return EnumSet.of(Capability.FUA, Capability.ALL_ZEROES);
    }

    @Override
    public int submit(PlanNode self, Request request) {
        Settings settings = settings(self);
        if (self.readOnly() && request.op().modifies()) {
            return -Errno.EPERM;
        }
        if (settings.latencyNanos() > 0) {
            request.startTimer(settings.latencyNanos());
        } else {
            finish(settings, request);
        }
        return 0;
    }

    @Override
    public void resumed(PlanNode self, Request request) {
        finish(settings(self), request);
    }

    @IoThreadOnly
    private void finish(Settings settings, Request request) {
        if (settings.readZeroes() && request.op() == BlockOp.READ) {
            ByteBuffer buffer = request.buffer().clear();
            int end = request.bufferOffset() + (int) request.length();
            for (int at = request.bufferOffset(); at < end; at += ZEROES.length) {
                buffer.put(at, ZEROES, 0, Math.min(ZEROES.length, end - at));
            }
        }
        request.complete(0);
    }

    @Override
    public Resizing resize(BlockNode self, long size) {
        Settings now = (Settings) self.settings();
        return Resizing.ofSettings(new Settings(size, now.latencyNanos(), now.readZeroes()));
    }

    @Override
    public boolean needsFlush() {
        return false;
    }

    @Override
    public void flush() {
        // nothing is stored
    }

    @Override
    public void close() {
        // nothing is owned
    }
}
