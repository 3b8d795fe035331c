// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

/** Values that every path has. */
final class Values {
    /** Nothing is known. */
    static final Value UNKNOWN = new Value.Unknown();

    /** The null reference. */
    static final Value NULL = new Value.Constant("null reference");

    private Values() {}

    /** A constant, with one form for all integral types. */
    static Value constant(Object value) {
        return switch (value) {
            case Byte b -> new Value.Constant(b.longValue());
            case Short s -> new Value.Constant(s.longValue());
            case Integer i -> new Value.Constant(i.longValue());
            case Character c -> new Value.Constant((long) c);
            default -> new Value.Constant(value);
        };
    }
}
