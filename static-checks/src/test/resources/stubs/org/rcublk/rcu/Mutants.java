// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

public final class Mutants {
    private Mutants() {}

    public static boolean on(String name) {
        return false;
    }
}
