// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a method for any thread never waits for a grace period
// hiding: interface
// layer: callgraph
// from: ListenerElsewhere.changed
// to: LiveGraph.awaitClosed
package seed.wrongthread.listenerelsewhere;

import java.util.List;
import org.rcublk.annotation.AnyThread;

final class ListenerElsewhere {
    private final List<Listener> listeners;

    ListenerElsewhere(List<Listener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    @AnyThread
    void changed(String node) {
        for (Listener listener : listeners) {
            listener.changed(node);
        }
    }
}
