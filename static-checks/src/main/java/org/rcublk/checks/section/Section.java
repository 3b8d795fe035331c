// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

/**
 * A read section within one body: the one that began last at a place, or an earlier one of the same place, of a round before
 * in a loop.
 *
 * @param origin the tree that begins it, the variable that came with it, or a mark for what the caller holds
 * @param ownership who has to end it
 * @param earlier whether another one has begun at the same place since
 */
record Section(Object origin, Ownership ownership, boolean earlier) {
    /** Who has to end a section. */
    enum Ownership {
        /** The body began it. */
        OWN,
        /** It came in a variable, and is known since the body ended it. */
        FOREIGN,
        /** The caller holds it open meanwhile. */
        CALLER
    }

    /** How far a section has come on one path. */
    enum Status {
        /** The body has to end it. */
        OPEN,
        /** Somebody else ends it, who was given it. */
        GIVEN,
        /** Nobody may use it again. */
        ENDED
    }

    static final Section OF_CALLER = new Section("caller", Ownership.CALLER, false);

    static Section own(Object tree) {
        return new Section(tree, Ownership.OWN, false);
    }

    static Section foreign(Object variable) {
        return new Section(variable, Ownership.FOREIGN, false);
    }

    Section asEarlier() {
        return new Section(origin, ownership, true);
    }
}
