// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rcublk.graph.Conditions.LONG;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * A version is seen whole (guarantee A). The publication that drops a gated filter takes its gate off as well, so a gate
 * on a node that the version does not have comes from another version. This is a smoke test of the whole way of a writer:
 * with the fault {@code graph-two-fields} it fails in most runs of a few thousand changes, which takes too long here. The
 * ordering is held by the JCStress test SnapshotAtomicTest.
 */
class AtomicSnapshotTest {
    private static final int CHANGES = 500;

    @Test
    void noVersionGatesANodeThatItDoesNotHave() throws Exception {
        LiveFixture f = new LiveFixture();
        f.add("disk");
        f.attach("r", "disk");
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong loads = new AtomicLong();
        AtomicLong torn = new AtomicLong();
        Thread reader = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                Version<String> version = f.now();
                loads.incrementAndGet();
                if (!version.gatedNodes().forAll(version.graph().nodes()::containsKey)) {
                    torn.incrementAndGet();
                }
            }
        });
        for (int i = 0; i < CHANGES; i++) {
            f.live.commit(f.filter("f0", "disk"), LONG);
            f.live.commit(new DropFilter("f0"), LONG);
        }
        stop.set(true);
        reader.join();
        assertTrue(loads.get() > CHANGES, "the reader hardly ran: " + loads);
        assertEquals(0, torn.get(), "torn versions in " + loads + " loads");
    }
}
