// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which functional objects (lambdas, method references, and objects of classes that implement functional interfaces) reach which
 * places: parameters, results, fields. Flow and context
 * do not count, and a container is one with what is in it. Solved to a fixed point; edges may be added meanwhile.
 *
 * <p>Objects are numbered and their sets are bits: in a large program thousands of objects come to ten thousands of places.
 */
final class FunctionFlow {
    private final Map<Object, Place> places = new HashMap<>();
    private final Map<Receiver, Integer> numbers = new HashMap<>();
    private final List<Receiver> receivers = new ArrayList<>();
    private final Deque<Place> todo = new ArrayDeque<>();

    /** Told of each functional object that arrives at a place, once or more often. */
    interface Listener {
        void arrived(Receiver receiver) throws CallGraphException;
    }

    private static final class Place {
        final BitSet all = new BitSet(0);
        /** Of these, what the next places and the listeners have not been told of; null if nothing. */
        @Nullable
        BitSet fresh;

        final Set<Place> next = new LinkedHashSet<>();
        final List<Listener> listeners = new ArrayList<>(0);
    }

    private Place place(Object key) {
        return places.computeIfAbsent(key, _ -> new Place());
    }

    /** A functional object is at a place. */
    void seed(Object key, Receiver receiver) {
        int number = numbers.computeIfAbsent(receiver, fresh -> {
            receivers.add(fresh);
            return receivers.size() - 1;
        });
        BitSet one = new BitSet(number + 1);
        one.set(number);
        arrive(place(key), one);
    }

    /** What is at one place is at another, too. */
    void flow(Object from, Object to) {
        Place source = place(from);
        Place target = place(to);
        if (source != target && source.next.add(target)) {
            arrive(target, source.all);
        }
    }

    /** Wants to know what comes to a place, and what is there already. */
    void listen(Object key, Listener listener) {
        Place place = place(key);
        place.listeners.add(listener);
        tell(place, place.all);
    }

    private void arrive(Place place, BitSet more) {
        BitSet unknown = (BitSet) more.clone();
        unknown.andNot(place.all);
        if (!unknown.isEmpty()) {
            place.all.or(unknown);
            tell(place, unknown);
        }
    }

    private void tell(Place place, BitSet of) {
        if (place.fresh != null) {
            place.fresh.or(of);
        } else if (!of.isEmpty()) {
            place.fresh = (BitSet) of.clone();
            todo.add(place);
        }
    }

    /** Lets everything flow until nothing moves. */
    void solve() throws CallGraphException {
        for (Place place = todo.poll(); place != null; place = todo.poll()) {
            BitSet fresh = place.fresh;
            place.fresh = null;
            if (fresh == null) {
                continue;
            }
            for (Place target : place.next) {
                arrive(target, fresh);
            }
            for (Listener listener : List.copyOf(place.listeners)) {
                for (int i = fresh.nextSetBit(0); i >= 0; i = fresh.nextSetBit(i + 1)) {
                    listener.arrived(receivers.get(i));
                }
            }
        }
    }
}
