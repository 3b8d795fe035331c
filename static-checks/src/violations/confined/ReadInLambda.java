// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a confined field is its own thread's
// hiding: lambda
// layer: compile ConfinedFieldAccess
package seed.confined;

import java.util.function.IntSupplier;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;

final class ReadInLambda {
    @ConfinedTo("the IOThread of the queue")
    private int running;

    int gauge(@AnyThread IntSupplier value) {
        return value.getAsInt();
    }

    int report() {
        return gauge(() -> running); // HERE
    }
}
