// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package io.vavr.collection;

public interface Iterator<T> extends java.util.Iterator<T> {
    List<T> toList();

    Vector<T> toVector();
}
