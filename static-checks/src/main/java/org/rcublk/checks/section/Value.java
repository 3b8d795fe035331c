// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import java.util.LinkedHashSet;
import java.util.Set;

/** What is known of the value of a variable or an expression on one path. */
sealed interface Value {
    /** Nothing is known. */
    record Unknown() implements Value {}

    /**
     * A literal or a compile-time constant.
     *
     * @param value a Boolean, a Long for all integral types, or another boxed constant
     */
    record Constant(Object value) implements Value {}

    /**
     * The token or the object of a section.
     *
     * @param section which
     */
    record Of(Section section) implements Value {}

    /**
     * What was loaded from a published version, or got through a call that needs a section.
     *
     * @param under the sections that were open then; it may be used while one of them is
     */
    record Loaded(Set<Section> under) implements Value {
        Loaded with(Section further) {
            Set<Section> all = new LinkedHashSet<>(under);
            all.add(further);
            return new Loaded(all);
        }
    }

    /** Whether it refers to a section, so that the section's end matters to it. */
    default boolean refersTo(Section section) {
        return switch (this) {
            case Of of -> of.section().equals(section);
            case Loaded loaded -> loaded.under().contains(section);
            default -> false;
        };
    }

    /** The same without what only tells conditions apart. */
    default Value weaker() {
        return this instanceof Constant ? Values.UNKNOWN : this;
    }

    /** The same once a section has become an earlier one of its place. */
    default Value renamed(Section from, Section to) {
        if (!refersTo(from)) {
            return this;
        }
        if (this instanceof Loaded loaded) {
            Set<Section> under = new LinkedHashSet<>(loaded.under());
            under.remove(from);
            under.add(to);
            return new Loaded(under);
        }
        return new Of(to);
    }
}
