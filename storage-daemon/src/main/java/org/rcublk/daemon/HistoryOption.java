// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import java.nio.file.Path;
import org.rcublk.daemon.service.BlockService;
import org.rcublk.history.HistoryException;
import org.rcublk.history.HistoryLimits;
import org.rcublk.history.HistoryWriter;

/**
 * The history that the daemon was asked to keep.
 *
 * @param directory the state directory
 * @param limits how much it may take
 */
record HistoryOption(Path directory, HistoryLimits limits) {
    /** Begins it; from then on each version of the service's graph is recorded. */
    HistoryWriter open(BlockService service) throws HistoryException {
        return HistoryWriter.open(directory, limits, service.graph(), BlockService::sizes);
    }
}
