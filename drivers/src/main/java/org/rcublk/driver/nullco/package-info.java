// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The driver that stores nothing: what is left of an I/O when there is no storage. (Java keeps the word null for itself.)
 */
@NullMarked
package org.rcublk.driver.nullco;

import org.jspecify.annotations.NullMarked;
