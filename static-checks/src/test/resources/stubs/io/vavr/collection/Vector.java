// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package io.vavr.collection;

public final class Vector<T> implements Seq<T> {
    private Vector() {}

    public static <T> Vector<T> empty() {
        return new Vector<>();
    }
}
