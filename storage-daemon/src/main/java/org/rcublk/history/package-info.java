// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The durable history of published versions: a writer that listens to the live graph and appends to a Chronicle Queue
 * below a state directory, and a reader of what it wrote. docs/history.md tells the layout.
 */
@NullMarked
package org.rcublk.history;

import org.jspecify.annotations.NullMarked;
