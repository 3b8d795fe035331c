// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package seed.wrongthread.listenerelsewhere;

interface Listener {
    void changed(String node);
}
