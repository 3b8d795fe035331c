// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a confined field is its own thread's
// hiding: lambda
// layer: callgraph
// from: StoredGauge.report
// to: StoredGauge.running
package seed.confined;

import java.util.function.IntSupplier;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.GlobalState;

final class StoredGauge {
    @ConfinedTo("the IOThread of the queue")
    private int running;

    private final IntSupplier gauge = () -> running; // HERE

    @GlobalState
    int report() {
        return gauge.getAsInt();
    }
}
