// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

/**
 * A method as byte code names it.
 *
 * @param owner internal name of the class
 * @param name the method's name, {@code <init>} for constructors
 * @param descriptor parameter and return types
 */
public record MethodRef(String owner, String name, String descriptor) {}
