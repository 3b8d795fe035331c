// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an overriding method asks no more of its callers
// hiding: inheritance
// layer: none
package seed.clean;

import java.nio.channels.SelectionKey;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.io.SocketHandler;

/** A method may promise more than what it overrides, and a rule where there was none. */
final class Narrowed implements SocketHandler, Runnable, AutoCloseable {
    @Override
    @AnyThread
    public void ready(SelectionKey key) {}

    @Override
    @IoThreadOnly
    public void run() {}

    @Override
    @GlobalState
    public void close() {}
}
