// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;

/** The ways in which an expression may come out, bounded as {@link Paths} are. */
final class Results implements Iterable<Result> {
    private final Set<Result> results = new LinkedHashSet<>();

    static Results of(Result only) {
        Results results = new Results();
        results.add(only);
        return results;
    }

    static Results unknown(Iterable<PathState> states) {
        Results results = new Results();
        states.forEach(state -> results.add(Result.unknown(state)));
        return results;
    }

    void add(Result result) {
        Paths.addBounded(results, result, Result::weaker);
    }

    void addAll(Iterable<Result> more) {
        more.forEach(this::add);
    }

    /** The paths, once each value has been put to use. */
    Paths paths(Function<Result, PathState> use) {
        Paths paths = new Paths();
        results.forEach(result -> paths.add(use.apply(result)));
        return paths;
    }

    @Override
    public Iterator<Result> iterator() {
        return results.iterator();
    }
}
