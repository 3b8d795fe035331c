// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0

/** The filter that holds requests back: limits of requests and of bytes a second. */
@NullMarked
package org.rcublk.driver.throttle;

import org.jspecify.annotations.NullMarked;
