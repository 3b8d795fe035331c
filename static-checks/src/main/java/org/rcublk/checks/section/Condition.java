// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.sun.tools.javac.code.Symbol;
import java.util.Set;

/**
 * A condition that holds or does not hold until one of its variables is assigned.
 *
 * @param text the condition in a normal form, with symbols numbered
 * @param variables the local variables that it reads
 */
record Condition(String text, Set<Symbol> variables) {}
