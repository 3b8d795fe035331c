// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

/**
 * A place that allocates.
 *
 * @param kind how
 * @param type what, as Java writes it; empty if the code does not say
 * @param line the source line, 0 if the class file has none
 */
public record Allocation(Kind kind, String type, int line) {
    /** How a place allocates. */
    public enum Kind {
        /** {@code new} of a class. */
        NEW("new"),
        /** A new array, also that of a call with variable arguments. */
        ARRAY("new array"),
        /** A primitive value made an object. */
        BOXING("boxing"),
        /** A lambda or method reference that holds values. One that holds none is made once. */
        LAMBDA("capturing lambda"),
        /** A string put together with {@code +}. */
        CONCATENATION("string concatenation"),
        /** An iterator obtained of a library collection. */
        ITERATOR("iterator");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    @Override
    public String toString() {
        return type.isEmpty() ? kind.toString() : kind + " " + type;
    }
}
