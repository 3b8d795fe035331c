// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The I/O side: requests, the driver contract, admission to the published graph, virtqueues, IOThreads and storage
 * engines.
 *
 * <p>One rule carries the package: a request is touched by one thread at a time, the IOThread that its virtqueue belongs
 * to. Whoever works elsewhere (a storage worker, a producer) gets it and gives it back through a ring.
 */
@NullMarked
package org.rcublk.io;

import org.jspecify.annotations.NullMarked;
