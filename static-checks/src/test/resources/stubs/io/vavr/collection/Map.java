// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package io.vavr.collection;

public interface Map<K, V> {
    Seq<V> values();
}
