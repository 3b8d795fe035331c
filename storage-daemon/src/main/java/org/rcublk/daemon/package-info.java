// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/** The {@code rcublk} command: the only part of the project that prints or ends the process. */
@NullMarked
package org.rcublk.daemon;

import org.jspecify.annotations.NullMarked;
