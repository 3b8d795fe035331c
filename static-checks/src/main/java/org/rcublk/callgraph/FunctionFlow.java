// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which functional objects (lambdas, method references, and objects of classes that implement functional interfaces) reach which
 * places: parameters, results, fields. Flow and context
 * do not count, and a container is one with what is in it. Solved to a fixed point; edges may be added meanwhile.
 */
final class FunctionFlow {
    private final Map<Object, Place> places = new HashMap<>();
    private final Deque<Arrival> arrivals = new ArrayDeque<>();

    /** Told of each functional object that arrives at a place, once or more often. */
    interface Listener {
        void arrived(Receiver receiver) throws CallGraphException;
    }

    private record Arrival(Place at, Receiver receiver) {}

    private static final class Place {
        final Set<Receiver> receivers = new LinkedHashSet<>();
        final Set<Place> next = new LinkedHashSet<>();
        final List<Listener> listeners = new ArrayList<>();
    }

    private Place place(Object key) {
        return places.computeIfAbsent(key, _ -> new Place());
    }

    /** A functional object is at a place. */
    void seed(Object key, Receiver receiver) {
        arrive(place(key), receiver);
    }

    /** What is at one place is at another, too. */
    void flow(Object from, Object to) {
        Place source = place(from);
        Place target = place(to);
        if (source != target && source.next.add(target)) {
            List.copyOf(source.receivers).forEach(receiver -> arrive(target, receiver));
        }
    }

    /** Wants to know what comes to a place, and what is there already. */
    void listen(Object key, Listener listener) {
        Place place = place(key);
        place.listeners.add(listener);
        place.receivers.forEach(receiver -> arrivals.add(new Arrival(place, receiver)));
    }

    private void arrive(Place place, Receiver receiver) {
        if (place.receivers.add(receiver)) {
            arrivals.add(new Arrival(place, receiver));
        }
    }

    /** Lets everything flow until nothing moves. */
    void solve() throws CallGraphException {
        for (Arrival next = arrivals.poll(); next != null; next = arrivals.poll()) {
            for (Place target : List.copyOf(next.at().next)) {
                arrive(target, next.receiver());
            }
            for (Listener listener : List.copyOf(next.at().listeners)) {
                listener.arrived(next.receiver());
            }
        }
    }
}
