// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/** Checks of the threading rules: who may call what, on which thread, and how shared fields are read. */
package org.rcublk.checks.thread;
