// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

public final class ReadDomain implements AutoCloseable {
    public ReadDomain(String name) {}

    public long downRead() {
        return 2;
    }

    public long downRead(int reader) {
        return 2;
    }

    public ReadSection read() {
        return new ReadSection();
    }

    public long forkRead(long token) {
        return token;
    }

    public long forkRead(int reader, long token) {
        return token;
    }

    public void upRead(long token) {}

    public void upRead(int reader, long token) {}

    public void handOff(long token) {}

    public void synchronize() {}

    @Override
    public void close() {}
}
