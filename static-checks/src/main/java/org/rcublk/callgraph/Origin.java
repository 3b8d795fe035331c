// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

/** Where a value inside one method may have come from. A value of no origin is of no interest here. */
sealed interface Origin permits Call, FunctionSite, Origin.Parameter, Origin.Field, Origin.Created {

    /** An argument of the method, the receiver counted if it has one. */
    record Parameter(int index) implements Origin {}

    /** A field's value: any object's. */
    record Field(String owner, String name) implements Origin {}

    /** A {@code new}, of an object or array. Compared by identity. */
    final class Created implements Origin {
        final String type;

        Created(String type) {
            this.type = type;
        }
    }
}
