// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: the control path never does what is an IOThread's
// hiding: lambda
// layer: none
package seed.clean;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;
import org.rcublk.io.IoThread;

/** The control path gives the IOThread a task: what is in it runs there. */
final class HandsToIo {
    private final ConcurrentLinkedQueue<Step> steps = new ConcurrentLinkedQueue<>();
    private volatile int reader;

    interface Step {
        @IoThreadOnly
        void run();
    }

    @GlobalState
    void ask(IoThread thread) {
        post(() -> reader = thread.readerIndex());
        thread.wakeIfAsleep();
    }

    @AnyThread
    private void post(Step step) {
        steps.add(step);
    }
}
