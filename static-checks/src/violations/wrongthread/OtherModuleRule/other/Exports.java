// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package seed.wrongthread.othermodulerule.other;

import org.rcublk.annotation.GlobalState;

public final class Exports {
    @GlobalState
    public void remove(String name) {}
}
