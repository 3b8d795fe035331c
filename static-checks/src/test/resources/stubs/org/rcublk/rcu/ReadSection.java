// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

public final class ReadSection implements AutoCloseable {
    ReadSection() {}

    public long fork() {
        return 2;
    }

    @Override
    public void close() {}
}
