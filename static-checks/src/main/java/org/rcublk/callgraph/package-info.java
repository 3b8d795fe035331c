// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The whole program's call graph, read from class files, and questions about it: which calls lead from one rule to another,
 * what a duty cycle reaches, where it allocates. How calls are resolved, and what is not seen, is in docs/callgraph.md.
 */
@NullMarked
package org.rcublk.callgraph;

import org.jspecify.annotations.NullMarked;
