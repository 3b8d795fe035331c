// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import static org.rcublk.explore.Run.check;
import static org.rcublk.explore.Run.step;

import org.rcublk.rcu.ReadDomain;
import org.rcublk.rcu.ReaderIndex;

/** What the scenarios of one domain share: reader indexes, and something to protect. */
final class Fixture {
    /** The lowest three indexes: a scan reads as many slots as the largest that was used. */
    static final int A = ReaderIndex.acquire().value();

    static final int B = ReaderIndex.acquire().value();
    static final int C = ReaderIndex.acquire().value();

    /** What a section protects. */
    static final class Resource {
        volatile boolean closed;
    }

    final ReadDomain domain;
    volatile Resource current = new Resource();

    Fixture() {
        this(new ReadDomain("d", task -> {
            throw new AssertionError("nothing is retired here");
        }));
    }

    Fixture(ReadDomain domain) {
        this.domain = domain;
    }

    /** A fixture whose first slots exist. */
    Fixture slots(int... indexes) {
        for (int index : indexes) {
            domain.upRead(index, domain.downRead(index));
        }
        return this;
    }

    /** A whole read section on one slot. */
    void read(int index) {
        long token = domain.downRead(index);
        step("load");
        use(current);
        domain.upRead(index, token);
    }

    void readAsGuest() {
        long token = domain.downRead();
        step("load");
        use(current);
        domain.upRead(token);
    }

    /** Before the end of a section that loaded the resource. */
    static void use(Resource resource) {
        step("use");
        check(!resource.closed, "closed under a section that may use it");
    }

    Resource publish() {
        step("publish");
        Resource old = current;
        current = new Resource();
        return old;
    }

    /** Publishes a successor and closes the old resource after a grace period. */
    void replace() {
        Resource old = publish();
        domain.synchronize();
        old.closed = true;
    }
}
