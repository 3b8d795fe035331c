// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package io.vavr.collection;

public final class HashMap<K, V> implements Map<K, V> {
    private HashMap() {}

    public static <K, V> HashMap<K, V> empty() {
        return new HashMap<>();
    }

    @Override
    public Stream<V> values() {
        throw new UnsupportedOperationException();
    }
}
