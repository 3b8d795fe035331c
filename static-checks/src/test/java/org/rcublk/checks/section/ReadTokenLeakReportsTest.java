// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import org.junit.jupiter.api.Test;

class ReadTokenLeakReportsTest extends SectionCheckTest {
    ReadTokenLeakReportsTest() {
        super(ReadTokenLeak.class);
    }

    @Test
    void ignoredResults() {
        compile("""
                void ignored(long parent) {
                    // BUG dropped
                    domain.downRead();
                    // BUG dropped
                    domain.forkRead(parent);
                    // BUG dropped
                    domain.read();
                    // BUG dropped
                    new Thread(() -> { domain.downRead(3); });
                }
                """);
    }

    @Test
    void inlineUseThatDropsIt() {
        compile("""
                void inline(ReadSection section) {
                    // BUG dropped
                    long low = domain.downRead() & 1;
                    // BUG dropped
                    long child = domain.forkRead(domain.downRead());
                    domain.upRead(child);
                    // BUG dropped
                    if (section.fork() == 0) {
                        work();
                    }
                    // BUG dropped
                    long other = domain.read().fork();
                    domain.upRead(other);
                    // BUG dropped
                    System.out.println(domain.downRead());
                }
                """);
    }

    @Test
    void voidFunctions() {
        compile("""
                void functions() {
                    // BUG dropped
                    Runnable lambda = () -> domain.downRead();
                    // BUG dropped
                    Runnable reference = domain::downRead;
                    LongSupplier given = domain::downRead;
                    LongSupplier returned = () -> domain.downRead();
                }
                """);
    }

    @Test
    void overwritten() {
        compile("""
                void overwritten() {
                    // BUG lost
                    long token = domain.downRead();
                    token = domain.downRead(1);
                    domain.upRead(token);
                }
                """);
    }

    @Test
    void earlyReturn() {
        compile("""
                int early(boolean gone) {
                    // BUG leaves in line 38
                    long token = domain.downRead();
                    if (gone) {
                        return 0;
                    }
                    domain.upRead(token);
                    return 1;
                }
                """);
    }

    @Test
    void throwStatement() {
        compile("""
                void thrown(boolean gone) {
                    // BUG leaves in line
                    long token = domain.downRead();
                    if (gone) {
                        throw new IllegalStateException();
                    }
                    domain.upRead(token);
                }
                """);
    }

    @Test
    void callThatThrows() {
        compile("""
                void call() {
                    // BUG throws: work()
                    long token = domain.downRead();
                    work();
                    domain.upRead(token);
                }

                void beforeTry() {
                    // BUG throws: work()
                    long token = domain.downRead();
                    work();
                    try {
                        work();
                    } finally {
                        domain.upRead(token);
                    }
                }

                void constructor() {
                    // BUG throws: new ArrayList
                    long token = domain.downRead();
                    List<String> list = new ArrayList<>(count);
                    domain.upRead(token);
                }
                """);
    }

    @Test
    void wrongCatch() {
        compile("""
                void caught() {
                    // BUG throws: work()
                    long token = domain.downRead();
                    try {
                        work();
                    } catch (IllegalArgumentException e) {
                        count++;
                    }
                    domain.upRead(token);
                }

                void swallowed() {
                    // BUG comes to the end
                    long token = domain.downRead();
                    try {
                        work();
                        domain.upRead(token);
                    } catch (RuntimeException e) {
                        count++;
                    }
                }
                """);
    }

    @Test
    void oneBranch() {
        compile("""
                void branch(boolean a, boolean b) {
                    // BUG comes to the end
                    long token = domain.downRead();
                    if (a) {
                        domain.upRead(token);
                    }
                }

                void uncorrelated(boolean a, boolean b) {
                    long token = -1;
                    if (a) {
                        // BUG comes to the end
                        token = domain.downRead();
                    }
                    if (b && token != -1) {
                        domain.upRead(token);
                    }
                }

                void changed(boolean a) {
                    long token = -1;
                    if (a) {
                        // BUG comes to the end
                        token = domain.downRead();
                    }
                    a = count > 1;
                    if (a) {
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void mutableFieldCondition() {
        compile("""
                boolean flag;

                void field() {
                    long token = 0;
                    if (flag) {
                        // BUG comes to the end
                        token = domain.downRead();
                    }
                    if (flag) {
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void switches() {
        compile("""
                void statement(Mode mode) {
                    // BUG comes to the end
                    long token = domain.downRead();
                    switch (mode) {
                        case A:
                            domain.upRead(token);
                            break;
                        case B:
                            break;
                    }
                }

                int expression(int mode) {
                    // BUG leaves in line
                    long token = domain.downRead();
                    return switch (mode) {
                        case 1 -> {
                            domain.upRead(token);
                            yield 1;
                        }
                        default -> 2;
                    };
                }

                void pattern(Object o) {
                    // BUG comes to the end
                    long token = domain.downRead();
                    switch (o) {
                        case String s when s.isEmpty() -> {}
                        default -> domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void loops() {
        compile("""
                void round(boolean[] stop) {
                    while (count > 0) {
                        // BUG lost
                        long token = domain.downRead();
                        if (stop[0]) {
                            continue;
                        }
                        domain.upRead(token);
                    }
                }

                void left() {
                    for (int i = 0; i < count; i++) {
                        // BUG comes to the end
                        long token = domain.downRead();
                        if (i == 7) {
                            break;
                        }
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void endlessAndLabelledLoops() {
        compile("""
                void forever() {
                    for (;;) {
                        // BUG lost
                        long token = domain.downRead();
                        count++;
                    }
                }

                void labelled(List<String> names) {
                    outer:
                    for (String name : names) {
                        // BUG comes to the end
                        long token = domain.downRead();
                        do {
                            if (count > 3) {
                                break outer;
                            }
                            count++;
                        } while (count > 0);
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void nestedTry() {
        compile("""
                void nested(boolean a) {
                    // BUG leaves in line
                    long token = domain.downRead();
                    try {
                        try {
                            work();
                        } finally {
                            if (a) {
                                return;
                            }
                        }
                    } catch (RuntimeException e) {
                        count++;
                    }
                    domain.upRead(token);
                }

                void finallyThatThrows() {
                    // BUG throws: work()
                    long token = domain.downRead();
                    try {
                        count++;
                    } finally {
                        work();
                        domain.upRead(token);
                    }
                }

                void otherResource(Semaphore permits) throws Exception {
                    // BUG throws: AutoCloseable other
                    long token = domain.downRead();
                    try (AutoCloseable other = null) {
                        count++;
                    }
                    domain.upRead(token);
                }
                """);
    }

    @Test
    void sections() {
        compile("""
                void neverClosed() {
                    // BUG the ReadSection of read()
                    ReadSection section = domain.read();
                    count++;
                }

                void closedUnlessThrown() {
                    // BUG throws: work()
                    ReadSection section = domain.read();
                    work();
                    section.close();
                }

                void forked() {
                    try (ReadSection section = domain.read()) {
                        // BUG comes to the end
                        long token = section.fork();
                    }
                }
                """);
    }

    @Test
    void lambdasAndInitializers() {
        compile("""
                Runnable lambda = () -> {
                    // BUG comes to the end
                    long token = domain.downRead();
                };

                {
                    // BUG comes to the end
                    long token = domain.downRead();
                }

                static <T extends ReadDomain> void generic(T other) {
                }

                <X extends Exception> void generic(Callable<X> x) throws Exception {
                    // BUG throws: x.call()
                    long token = domain.downRead();
                    x.call();
                    domain.upRead(token);
                }
                """.replace("""
                static <T extends ReadDomain> void generic(T other) {
                }
                """, ""));
    }

    @Test
    void recursionEndsNothing() {
        compile("""
                void walk(int depth) {
                    // BUG throws: walk(depth - 1)
                    long token = domain.downRead();
                    if (depth > 0) {
                        walk(depth - 1);
                    }
                    domain.upRead(token);
                }
                """);
    }

    @Test
    void twoOfOnePlace() {
        compile("""
                void pair() {
                    long last = 0;
                    for (int i = 0; i < count; i++) {
                        // BUG lost
                        last = domain.downRead();
                    }
                    domain.upRead(last);
                }
                """);
    }

    @Test
    void benchmarksReturnToNobody() {
        compile("""
                @org.openjdk.jmh.annotations.Benchmark
                public long begin() {
                    // BUG dropped
                    return domain.downRead();
                }
                """);
    }

    @Test
    void helpersThatThrow() {
        compile("""
                private void check() {
                    if (count < 0) {
                        throw new IllegalStateException();
                    }
                }

                void overridable() {}

                private void again() {
                    again();
                }

                void helpers() {
                    // BUG throws: check()
                    long first = domain.downRead();
                    check();
                    domain.upRead(first);
                    // BUG throws: overridable()
                    long second = domain.downRead();
                    overridable();
                    domain.upRead(second);
                    // BUG throws: again()
                    long third = domain.downRead();
                    again();
                    domain.upRead(third);
                }
                """);
    }
}
