// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The driver that stores in memory.
 */
@NullMarked
package org.rcublk.driver.memory;

import org.jspecify.annotations.NullMarked;
