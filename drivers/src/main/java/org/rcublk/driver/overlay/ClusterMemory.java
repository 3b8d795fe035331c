// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.overlay;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much memory clusters may take, all overlays of a process together. Asked before memory is allocated: the JVM itself,
 * when its direct memory runs out, collects garbage and waits, for half a second and on the IOThread, before it refuses.
 *
 * <p>The default leaves an eighth of the JVM's direct memory to buffers. Bytes given back are garbage until they are
 * collected, so a process close to its limit that zeroes and writes in turns can still make the JVM wait.
 */
final class ClusterMemory {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMemory.class);

    /** System property: the limit in bytes. */
    static final String PROPERTY = "org.rcublk.overlay.memory";

    /** The process's; made when the first overlay is, not on an IOThread. */
    static final ClusterMemory PROCESS = new ClusterMemory(defaultLimit());

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final AtomicBoolean refusalLogged = new AtomicBoolean();

    @AnyThread
    ClusterMemory(long limit) {
        this.limit = limit;
    }

    @GlobalState
    private static long defaultLimit() {
        Long asked = Long.getLong(PROPERTY);
        return asked != null ? asked : maxDirectMemory() / 8 * 7;
    }

    @GlobalState
    private static long maxDirectMemory() {
        long max = 0;
        try {
            HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            if (hotSpot != null) {
                max = Long.parseLong(hotSpot.getVMOption("MaxDirectMemorySize").getValue());
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("this JVM does not tell its direct memory: {}", e.getMessage());
        }
        return max > 0 ? max : Runtime.getRuntime().maxMemory(); // the JVM's own default
    }

    /** Takes bytes, or none: false if the limit would be passed. */
    @AnyThread
    boolean take(long bytes) {
        long now = used.get();
        while (bytes <= limit - now) {
            if (used.compareAndSet(now, now + bytes)) {
                return true;
            }
            now = used.get();
        }
        if (refusalLogged.compareAndSet(false, true)) {
            LOG.warn(
                    "overlays may take {} bytes of memory and have them: writes to new clusters fail; raise"
                            + " -XX:MaxDirectMemorySize or -D{}, or remove overlays",
                    limit,
                    PROPERTY);
        }
        return false;
    }

    @AnyThread
    void give(long bytes) {
        used.addAndGet(-bytes);
    }

    @AnyThread
    long used() {
        return used.get();
    }
}
