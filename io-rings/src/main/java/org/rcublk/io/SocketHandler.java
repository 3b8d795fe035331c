// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import java.nio.channels.SelectionKey;
import org.rcublk.annotation.IoThreadOnly;

/** What an IOThread calls when a channel that was registered with it is ready. */
@FunctionalInterface
public interface SocketHandler {
    /**
     * Handles readiness without blocking. An exception closes the channel and is logged.
     *
     * @param key the channel's key, its ready set filled in
     */
    @IoThreadOnly
    void ready(SelectionKey key);
}
