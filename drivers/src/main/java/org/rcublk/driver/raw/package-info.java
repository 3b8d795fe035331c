// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The driver that presents a child as it is, or a window of it.
 */
@NullMarked
package org.rcublk.driver.raw;

import org.jspecify.annotations.NullMarked;
