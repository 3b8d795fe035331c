// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A sparse copy-on-write layer in memory.
 */
@NullMarked
package org.rcublk.driver.overlay;

import org.jspecify.annotations.NullMarked;
