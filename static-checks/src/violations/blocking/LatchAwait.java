// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: direct
// layer: compile BlockingOnIoThread
package seed.blocking;

import java.util.concurrent.CountDownLatch;
import org.rcublk.annotation.IoThreadOnly;

final class LatchAwait {
    private final CountDownLatch opened = new CountDownLatch(1);

    @IoThreadOnly
    void ready() throws InterruptedException {
        opened.await(); // HERE
    }
}
