// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Whether something holds of a thing and of all that it leads to, which is looked at once for each. It does not hold of what
 * leads to itself.
 *
 * <p>An answer may be kept whatever was asked first: what comes back to a thing that is being looked at is in a cycle with it,
 * and would come back to itself if it had been asked about alone.
 *
 * @param <T> the things
 */
final class Answers<T> {
    private final Map<T, Boolean> known = new HashMap<>();
    private final Set<T> asked = new HashSet<>();
    private final BiPredicate<T, Answers<T>> look;

    /** Made with what looks at one thing, and asks here about those that it leads to: false as soon as one answer is. */
    Answers(BiPredicate<T, Answers<T>> look) {
        this.look = look;
    }

    boolean of(T thing) {
        Boolean answer = known.get(thing);
        if (answer == null) {
            if (!asked.add(thing)) {
                return false;
            }
            answer = look.test(thing, this);
            asked.remove(thing);
            known.put(thing, answer);
        }
        return answer;
    }
}
