// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import java.time.Duration;
import org.rcublk.annotation.AnyThread;

/**
 * Limits of a server.
 *
 * @param maxConnections clients at a time, handshakes included; more wait in the socket's backlog. 0 for no limit
 * @param handshakeTimeout how long a client may take to choose an export
 * @param queueDepth requests of one connection that may be under way
 */
@AnyThread
public record NbdSettings(int maxConnections, Duration handshakeTimeout, int queueDepth) {
    /** 100 connections as in QEMU, 10 s for the handshake, 128 requests. */
    public static final NbdSettings DEFAULT = new NbdSettings(100, Duration.ofSeconds(10), 128);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public NbdSettings {
        if (maxConnections < 0) {
            throw new IllegalArgumentException("max-connections is 0 (no limit) or more, not " + maxConnections);
        }
        if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) {
            throw new IllegalArgumentException("the handshake timeout must be positive, not " + handshakeTimeout);
        }
        if (queueDepth < 1 || queueDepth > 1024) {
            throw new IllegalArgumentException("a connection's queue depth is 1 to 1024, not " + queueDepth);
        }
    }
}
