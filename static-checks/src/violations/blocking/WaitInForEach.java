// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: functional parameter
// layer: compile BlockingOnIoThread
package seed.blocking;

import java.util.List;
import java.util.concurrent.Phaser;
import org.rcublk.annotation.IoThreadOnly;

/** The parameter of forEach has no rule, but the lambda may run right there. */
final class WaitInForEach {
    @IoThreadOnly
    void settle(List<Phaser> phases) {
        phases.forEach(phase -> phase.awaitAdvance(0)); // HERE
    }
}
