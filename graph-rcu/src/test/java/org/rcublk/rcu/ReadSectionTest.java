// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lexical sections: counted, nested, confined to their thread, and known to a wait that would wait for itself. */
@Timeout(60)
class ReadSectionTest {
    private final ReadDomain domain = new ReadDomain("d");
    private final ReadDomain other = new ReadDomain("other");

    @Test
    void aSectionIsOpenUntilItIsClosed() {
        try (ReadSection section = domain.read()) {
            assertEquals(1, domain.openSections());
            long child = section.fork();
            assertEquals(2, domain.openSections());
            domain.upRead(child);
        }
        assertEquals(0, domain.openSections());
        domain.synchronize();
    }

    @Test
    void sectionsNestAcrossDomains() {
        ReadSection outer = domain.read();
        ReadSection inner = other.read();
        IllegalStateException refused = assertThrows(IllegalStateException.class, outer::close);
        assertTrue(refused.getMessage().contains("reverse order"), refused.getMessage());
        inner.close();
        outer.close();
        for (int i = 0; i < 100; i++) { // deeper than the stack's first capacity, and used again
            nest(9);
        }
        assertEquals(0, domain.openSections() + other.openSections());
    }

    private void nest(int depth) {
        try (ReadSection section = (depth % 2 == 0 ? domain : other).read()) {
            assertTrue(section.isOpen());
            if (depth > 0) {
                nest(depth - 1);
            }
        }
    }

    @Test
    void aWaitInsideASectionOfTheSameDomainThrows() {
        try (ReadSection section = domain.read()) {
            for (Runnable wait :
                    new Runnable[] {domain::synchronize, domain::barrier, domain::close, () -> domain.retire(() -> {})
                    }) {
                IllegalStateException refused = assertThrows(IllegalStateException.class, wait::run);
                assertTrue(refused.getMessage().contains("inside a ReadSection"), refused.getMessage());
                assertTrue(refused.getMessage().contains("tryRetire"), "names the mend: " + refused.getMessage());
            }
            other.synchronize(); // another domain's readers are no business of this section
            assertTrue(domain.tryRetire(() -> {}));
            assertSame(domain, section.domain());
        }
        domain.barrier();
    }

    @Test
    void aSectionClosesOnceAndOnItsThread() throws Exception {
        ReadSection section = domain.read();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(section::close, "stranger");
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        thread.start();
        thread.join();
        assertTrue(failure.get() instanceof IllegalStateException, () -> String.valueOf(failure.get()));
        assertTrue(String.valueOf(failure.get().getMessage()).contains("downRead"), "names the mend");
        section.close();
        assertThrows(IllegalStateException.class, section::close);
        assertThrows(IllegalStateException.class, section::fork);
        assertEquals(0, domain.openSections());
    }

    @Test
    void enteringAllocatesNothingAfterTheFirstTime() throws Exception {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long perSection = Waits.get(Waits.onReader(() -> {
            enter(50_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            enter(100_000);
            return (threads.getCurrentThreadAllocatedBytes() - before) / 100_000;
        }));
        assertEquals(0, perSection, "bytes a section");
    }

    private void enter(int times) {
        for (int i = 0; i < times; i++) {
            try (ReadSection section = domain.read()) {
                assertTrue(section.isOpen());
            }
        }
    }
}
