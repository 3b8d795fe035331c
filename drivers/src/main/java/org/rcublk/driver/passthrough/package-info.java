// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A filter that does nothing: the example to copy when writing one that does.
 */
@NullMarked
package org.rcublk.driver.passthrough;

import org.jspecify.annotations.NullMarked;
