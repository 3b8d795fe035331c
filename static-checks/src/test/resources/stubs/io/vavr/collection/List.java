// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package io.vavr.collection;

public final class List<T> implements Seq<T> {
    private List() {}

    public static <T> List<T> empty() {
        return new List<>();
    }
}
