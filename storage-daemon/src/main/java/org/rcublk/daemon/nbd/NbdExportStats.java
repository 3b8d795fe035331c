// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.nbd;

import org.rcublk.annotation.AnyThread;

/**
 * What an export has done. The figures are read one after the other while IOThreads count on.
 *
 * @param connections connections in the transmission phase now, until their last request has ended
 * @param connectionsTotal connections that ever entered the transmission phase
 * @param requests requests that were answered, errors included
 * @param readBytes payload bytes of successful reads
 * @param writtenBytes payload bytes of successful writes
 */
@AnyThread
public record NbdExportStats(
        long connections, long connectionsTotal, long requests, long readBytes, long writtenBytes) {}
