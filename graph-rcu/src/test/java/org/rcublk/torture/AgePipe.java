// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The age oracle, after {@code rcutorture}'s pipe: one current element, which updaters remove. A reader that is inside a
 * section since it loaded the element may find it current (age 0) or just removed (age 1). An element ages by one with
 * each grace period that its updater has seen begin after the removal and end: age 2 in a section is a broken grace
 * period. With age 2 its memory is closed as well, so that a late access throws instead of crashing.
 */
final class AgePipe {
    static final class Element {
        final long id;
        final MemorySegment word;
        volatile int age;
        private final Arena arena = Arena.ofShared();
        private final AtomicBoolean released = new AtomicBoolean();

        Element(long id) {
            this.id = id;
            this.word = arena.allocate(ValueLayout.JAVA_LONG);
            word.set(ValueLayout.JAVA_LONG, 0, id);
        }
    }

    private final Run run;
    private long ids;
    private volatile Element current = new Element(0);

    AgePipe(Run run) {
        this.run = run;
    }

    /** To be called inside a section only. */
    Element load() {
        Element element = current;
        look(element);
        return element;
    }

    /** What the section that loaded the element sees of it now. */
    void look(Element element) {
        int age = element.age;
        run.tally.age(age);
        if (age >= 2) {
            run.violation("age", "a section saw element " + element.id + " at age " + age);
        }
        try {
            long read = element.word.get(ValueLayout.JAVA_LONG, 0);
            if (read != element.id) {
                run.violation("memory", "element " + element.id + " holds " + read);
            }
        } catch (IllegalStateException closed) {
            run.violation(
                    "memory", "a section used element " + element.id + " after its close: " + closed.getMessage());
        }
    }

    /** Puts a new element in the place of the current one, which no new section finds from then on. */
    Element remove() {
        synchronized (this) {
            Element old = current;
            current = new Element(++ids);
            old.age = 1;
            return old;
        }
    }

    /** A grace period has elapsed since the element was removed. Exactly once. */
    void release(Element element) {
        if (!element.released.compareAndSet(false, true)) {
            run.violation("released once", "element " + element.id + " was released a second time");
            return;
        }
        run.tally.releases.increment();
        element.age = 2;
        element.arena.close();
    }

    void end() {
        current.arena.close();
    }

    /** What one updater has removed: it ages with each of that updater's grace periods. */
    final class Removed {
        private final Deque<Element> elements = new ArrayDeque<>();

        /** The calling updater, which alone writes these ages from now on, saw a whole grace period since it removed this one. */
        @SuppressWarnings("NonAtomicVolatileUpdate")
        void elapsed(Element justRemoved) {
            release(justRemoved);
            for (Element older : elements) {
                older.age++;
            }
            elements.addLast(justRemoved);
            if (elements.size() >= Tally.AGES) {
                elements.removeFirst();
            }
        }
    }
}
