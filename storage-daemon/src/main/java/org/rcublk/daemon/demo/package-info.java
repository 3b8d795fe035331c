// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/** {@code rcublk demo}: the main job on an image that it makes itself, with what it shows explained. */
@NullMarked
package org.rcublk.daemon.demo;

import org.jspecify.annotations.NullMarked;
