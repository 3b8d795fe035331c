// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/** Checks of the project's rules that Error Prone runs inside the compiler. */
package org.rcublk.checks;
