// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never waits for a grace period
// hiding: lambda
// layer: compile WrongThreadCall
package seed.wrongthread;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.io.IoThread;
import org.rcublk.rcu.ReadDomain;

/** The parameter has no rule, but the method of its functional interface has. */
final class BarrierInLambda {
    private final ReadDomain domain = new ReadDomain("seed");

    @IoThreadOnly
    void watch(IoThread thread, SelectableChannel channel) throws ClosedChannelException {
        thread.register(channel, SelectionKey.OP_READ, key -> {
            key.cancel();
            domain.barrier(); // HERE
        });
    }
}
