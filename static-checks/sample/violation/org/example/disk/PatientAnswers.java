// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.example.disk;

import java.util.concurrent.ArrayBlockingQueue;
import org.rcublk.annotation.IoThreadOnly;

/** Must not compile: put() waits for room, and its caller is an IOThread. */
public final class PatientAnswers {
    private final ArrayBlockingQueue<String> answers = new ArrayBlockingQueue<>(16);

    /** Gives an answer, when there is room for it. */
    @IoThreadOnly
    public void give(String answer) throws InterruptedException {
        answers.put(answer);
    }
}
