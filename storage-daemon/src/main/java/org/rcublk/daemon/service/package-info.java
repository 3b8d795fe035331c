// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/** The daemon's core: the live graph with what serves it, apart from how it is told what to do. */
@NullMarked
package org.rcublk.daemon.service;

import org.jspecify.annotations.NullMarked;
