// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Checks of read sections: that each one ends, that nothing is used after its end, and that what needs one has one; and
 * of what a published version may be kept in and made of.
 *
 * <p>The first three share an abstract interpreter of one method body at a time: {@code Flow} runs statements and
 * {@code Expressions} run expressions over sets of {@code PathState}s, {@code Jumps} keeps what leaves early, and
 * {@code Findings} collects what the checks report.
 */
package org.rcublk.checks.section;
