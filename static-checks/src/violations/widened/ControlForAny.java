// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an overriding method asks no more of its callers
// hiding: inheritance
// layer: compile WidenedThreadRule
package seed.widened;

import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;

abstract class ControlForAny {
    @AnyThread
    abstract long size();

    static final class OnDisk extends ControlForAny {
        @Override
        @GlobalState
        long size() { // HERE
            return 0;
        }
    }
}
