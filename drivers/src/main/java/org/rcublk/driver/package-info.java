// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0

/**
 * From driver options to nodes: {@link org.rcublk.driver.NodeOpener} is the one place that knows every driver. The drivers
 * themselves, one package each, know neither it nor each other, and can be used as libraries.
 */
@NullMarked
package org.rcublk.driver;

import org.jspecify.annotations.NullMarked;
