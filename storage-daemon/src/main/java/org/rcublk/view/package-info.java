// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/** A version of the block graph as a value to show, to keep and to compare: it holds on to no node, and no file. */
@NullMarked
package org.rcublk.view;

import org.jspecify.annotations.NullMarked;
