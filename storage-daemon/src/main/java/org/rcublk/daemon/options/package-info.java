// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The syntax of options and of JSON: turns text into typed descriptions and opens nothing. Errors are one line that
 * names the option, the key and the mend.
 */
@NullMarked
package org.rcublk.daemon.options;

import org.jspecify.annotations.NullMarked;
