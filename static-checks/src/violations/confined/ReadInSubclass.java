// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a confined field is its own thread's
// hiding: inheritance
// layer: compile ConfinedFieldAccess
package seed.confined;

import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.WaitsForGracePeriod;

abstract class ReadInSubclass {
    @ConfinedTo("the IOThread of the queue")
    int running;

    @WaitsForGracePeriod
    abstract void drain();

    static final class Busy extends ReadInSubclass {
        @Override
        void drain() {
            System.out.println(running); // HERE
        }
    }
}
