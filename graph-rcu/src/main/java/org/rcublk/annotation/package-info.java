// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Annotations that state on which threads a method may run. They carry no behaviour: compile-time checks and readers
 * use them.
 */
@NullMarked
package org.rcublk.annotation;

import org.jspecify.annotations.NullMarked;
