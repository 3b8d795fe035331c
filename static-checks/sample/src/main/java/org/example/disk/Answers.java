// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.example.disk;

import java.util.concurrent.ArrayBlockingQueue;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;
import org.rcublk.annotation.IoThreadOnly;

/** Answers that an IOThread gives and the control path waits for. */
public final class Answers {
    private final ArrayBlockingQueue<String> answers = new ArrayBlockingQueue<>(16);

    /** Gives an answer, or says that there is no room for it. */
    @IoThreadOnly
    public boolean give(String answer) {
        return answers.offer(answer);
    }

    /** Waits for an answer. */
    @GlobalState
    public String take() throws InterruptedException {
        return answers.take();
    }

    /** How many answers wait. */
    @AnyThread
    public int waiting() {
        return answers.size();
    }
}
