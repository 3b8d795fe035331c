// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package io.vavr.collection;

import java.util.function.Function;

public interface Seq<T> {
    default <U> Seq<U> map(Function<? super T, ? extends U> mapper) {
        throw new UnsupportedOperationException();
    }

    default Iterator<T> iterator() {
        throw new UnsupportedOperationException();
    }

    default Stream<T> toStream() {
        throw new UnsupportedOperationException();
    }

    default Vector<T> toVector() {
        throw new UnsupportedOperationException();
    }

    default List<T> toList() {
        throw new UnsupportedOperationException();
    }
}
