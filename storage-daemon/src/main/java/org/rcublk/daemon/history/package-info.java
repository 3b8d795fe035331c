// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/** The {@code history} command: what versions the graph had, in words, as JSON and drawn. */
@NullMarked
package org.rcublk.daemon.history;

import org.jspecify.annotations.NullMarked;
