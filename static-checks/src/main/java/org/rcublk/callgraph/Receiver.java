// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

/** What a call of a functional interface may find as its receiver. */
sealed interface Receiver permits FunctionSite, Receiver.Instance {

    /**
     * An object of an analysed class.
     *
     * @param type the class
     * @param exact not of a subclass: what {@code new} makes, other than {@code this}
     */
    record Instance(String type, boolean exact) implements Receiver {}
}
