// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The monitor: JSON commands over a Unix socket, in the manner of QEMU's machine protocol (QMP). Each client is served
 * by a virtual thread with blocking I/O, its commands in order; none of it ever runs on an IOThread.
 */
@NullMarked
package org.rcublk.daemon.monitor;

import org.jspecify.annotations.NullMarked;
