// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an overriding method asks no more of its callers
// hiding: interface
// layer: compile WidenedThreadRule
package seed.widened;

import java.nio.channels.SelectionKey;
import org.rcublk.annotation.WaitsForGracePeriod;
import org.rcublk.io.SocketHandler;

final class WaitingHandler implements SocketHandler {
    @Override
    @WaitsForGracePeriod
    public void ready(SelectionKey key) { // HERE
        key.cancel();
    }
}
