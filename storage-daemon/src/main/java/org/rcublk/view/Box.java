// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.List;

/**
 * A box of a drawing.
 *
 * @param kind what it stands for
 * @param name its first line
 * @param lines the other lines
 * @param tooltip what is told when one points at it
 * @param gated whether it is marked
 * @param item its place
 */
record Box(Kind kind, String name, List<String> lines, String tooltip, boolean gated, Item item) {}
