// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import org.rcublk.graph.InFlight;
import org.rcublk.io.Device;

/** Requests in flight, for messages. */
final class InFlightLines {
    private InFlightLines() {}

    /** The oldest request of a root, or that it is not known. */
    static String oldest(Device device) {
        InFlight oldest = device.oldestRequest();
        return oldest == null ? "no request is in flight" : oldest.describe();
    }
}
