// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * The lexical sections of one thread, innermost last. A {@link ReaderThread} holds its own in a field, any other thread
 * in a thread-local. The stacks of platform threads are known to the process, weakly, so that a stall report can say
 * which of them are inside; those of virtual threads are recorded by {@link DebugMode} only.
 */
@AnyThread
final class SectionStack {
    private static final int FIRST_CAPACITY = 4;
    private static final ThreadLocal<@Nullable SectionStack> OF_THREAD = new ThreadLocal<>();
    private static final Queue<WeakReference<SectionStack>> PLATFORM = new ConcurrentLinkedQueue<>();

    private final Thread owner = Thread.currentThread();
    private @Nullable ReadSection[] sections = new ReadSection[FIRST_CAPACITY];
    private int depth;

    private SectionStack() {}

    static SectionStack mine() {
        SectionStack known = mineOrNull();
        return known != null ? known : create();
    }

    static @Nullable SectionStack mineOrNull() {
        return Thread.currentThread() instanceof ReaderThread reader ? reader.sections : OF_THREAD.get();
    }

    private static SectionStack create() {
        SectionStack created = new SectionStack();
        if (created.owner instanceof ReaderThread reader) {
            reader.sections = created;
        } else {
            OF_THREAD.set(created);
        }
        if (!created.owner.isVirtual()) {
            PLATFORM.removeIf(stack -> stack.refersTo(null)); // those of threads that are gone
            PLATFORM.add(new WeakReference<>(created));
        }
        return created;
    }

    /** Begins a section; nothing is changed if the domain refuses. */
    ReadSection push(ReadDomain domain) {
        if (depth == sections.length) {
            sections = Arrays.copyOf(sections, 2 * depth);
        }
        ReadSection section = sections[depth];
        if (section == null) {
            section = new ReadSection(this, depth, domain);
            sections[depth] = section;
        }
        section.begin(domain, domain.downRead());
        depth++;
        return section;
    }

    void pop(int of) {
        if (of != depth - 1) {
            throw new IllegalStateException("a ReadSection is closed while one that began after it on thread "
                    + owner.getName() + " is open: close them in reverse order");
        }
        depth = of;
    }

    @SuppressWarnings("ReferenceEquality") // a thread is itself, whatever a subclass says
    boolean isMine() {
        return Thread.currentThread() == owner;
    }

    boolean isEmpty() {
        return depth == 0;
    }

    String ownerName() {
        return owner.getName();
    }

    /** Whether the calling thread is inside a lexical section of a domain. */
    static boolean inside(ReadDomain domain) {
        SectionStack stack = mineOrNull();
        return stack != null && stack.holds(domain);
    }

    private boolean holds(ReadDomain domain) {
        @Nullable ReadSection[] seen = sections;
        for (int i = Math.min(depth, seen.length) - 1; i >= 0; i--) {
            ReadSection section = seen[i];
            if (section != null && section.isOpen() && section.domain() == domain) {
                return true;
            }
        }
        return false;
    }

    /** The platform threads that are inside a section of a domain, seen racily. */
    static List<Thread> threadsInside(ReadDomain domain) {
        List<Thread> inside = new ArrayList<>();
        for (WeakReference<SectionStack> reference : PLATFORM) {
            SectionStack stack = reference.get();
            if (stack != null && stack.owner.isAlive() && stack.holds(domain)) {
                inside.add(stack.owner);
            }
        }
        return inside;
    }
}
