// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import org.rcublk.daemon.nbd.NbdExport;
import org.rcublk.daemon.options.ExportSpec;
import org.rcublk.io.Device;

/** An export in service: what was asked for, its root in the graph, and what clients see. */
record Export(ExportSpec spec, Device device, NbdExport nbd) {}
