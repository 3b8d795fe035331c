// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.rcublk.daemon.nbd;

import org.jspecify.annotations.NullMarked;
