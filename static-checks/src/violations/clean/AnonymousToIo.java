// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: the control path never does what is an IOThread's
// hiding: anonymous class
// layer: none
package seed.clean;

import org.rcublk.annotation.GlobalState;
import org.rcublk.io.IoThread;

/** The class is the control path's, and the object that it gives to the IOThread is not. */
@GlobalState
final class AnonymousToIo {
    private volatile int reader;

    void ask(IoThread thread) {
        thread.execute(new Runnable() {
            @Override
            public void run() {
                reader = thread.readerIndex();
            }
        });
    }
}
