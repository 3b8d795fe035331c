// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The states of the paths that reach one point. Bounded: past the first limit, conditions are no longer told apart, which
 * may cost a false alarm; past the second, further paths are left out, which may miss a fault.
 */
final class Paths implements Iterable<PathState> {
    private static final int TELL_APART = 128;
    private static final int FOLLOW = 512;

    private final Set<PathState> states = new LinkedHashSet<>();

    Paths() {}

    Paths(PathState state) {
        add(state);
    }

    /** Whether the state, or a weaker one for it, was new. */
    boolean add(PathState state) {
        return addBounded(states, state, PathState::weaker);
    }

    /** Adds to a set of what comes with paths, within the limits of this class. */
    static <T> boolean addBounded(Set<T> set, T added, UnaryOperator<T> weaker) {
        if (set.size() < TELL_APART || set.contains(added)) {
            return set.add(added);
        }
        return set.size() < FOLLOW && set.add(weaker.apply(added));
    }

    void addAll(Iterable<PathState> more) {
        more.forEach(this::add);
    }

    /** Adds states and says which of them were new. */
    Paths addNew(Paths more) {
        Paths fresh = new Paths();
        for (PathState state : more) {
            if (add(state)) {
                fresh.add(state);
            }
        }
        return fresh;
    }

    Paths map(Function<PathState, PathState> each) {
        Paths mapped = new Paths();
        for (PathState state : states) {
            mapped.add(each.apply(state));
        }
        return mapped;
    }

    boolean isEmpty() {
        return states.isEmpty();
    }

    @Override
    public Iterator<PathState> iterator() {
        return states.iterator();
    }
}
