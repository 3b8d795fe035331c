// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a method for any thread never does what is an IOThread's
// hiding: direct
// layer: compile WrongThreadCall
package seed.wrongthread;

import org.rcublk.annotation.AnyThread;
import org.rcublk.io.Errno;
import org.rcublk.io.Request;

final class CompleteFromAny {
    @AnyThread
    void cancel(Request request) {
        request.complete(-Errno.EIO); // HERE
    }
}
