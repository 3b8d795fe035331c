// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package io.vavr.collection;

public interface Stream<T> extends Seq<T> {}
