// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The driver that stores in a file of the host.
 */
@NullMarked
package org.rcublk.driver.file;

import org.jspecify.annotations.NullMarked;
