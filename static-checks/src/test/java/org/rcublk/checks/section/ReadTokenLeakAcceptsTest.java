// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadTokenLeakAcceptsTest extends SectionCheckTest {
    ReadTokenLeakAcceptsTest() {
        super(ReadTokenLeak.class);
    }

    @Test
    void tryFinally() {
        compile("""
                int ended() {
                    long token = domain.downRead();
                    try {
                        work();
                        if (test()) {
                            return 1;
                        }
                        throw new IllegalStateException();
                    } finally {
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void nothingThrowsBetween() {
        compile("""
                final AtomicLong counter = new AtomicLong();

                long counter() {
                    return 1;
                }

                record Pair(int left) {}

                long plain(Pair pair) {
                    long token = domain.downRead(1);
                    count += pair.left();
                    counter.getAndIncrement();
                    Version<Plan> version = live.current();
                    long number = version.number() + System.nanoTime();
                    domain.upRead(1, token);
                    domain.upRead(domain.downRead());
                    return number;
                }
                """);
    }

    @Test
    void storedAndPassedOn() {
        compile("""
                final long[] array = new long[1];
                final List<Long> list = new ArrayList<>();

                record Request(long token) {}

                void field(Case other) {
                    kept = domain.downRead();
                    other.kept = domain.downRead();
                    long token = domain.downRead();
                    this.kept = token;
                    array[0] = domain.downRead();
                    long[] made = {domain.downRead()};
                }

                void argument() {
                    keep(domain.downRead());
                    list.add(domain.downRead());
                    long token = domain.downRead();
                    Request request = new Request(token);
                }
                """);
    }

    @Test
    void returnedAndHandedOff() {
        compile("""
                long returned() {
                    long token = domain.downRead();
                    return token;
                }

                ReadSection section() {
                    return domain.read();
                }

                void handedOff() {
                    long token = domain.downRead();
                    domain.handOff(token);
                    work();
                }

                long initial = domain.downRead();
                """);
    }

    @Test
    void capturedByFunctions() {
        compile("""
                void lambda(Executor executor) {
                    long token = domain.downRead();
                    executor.execute(() -> domain.upRead(token));
                }

                void anonymous(Executor executor) {
                    long token = domain.downRead();
                    executor.execute(new Runnable() {
                        @Override
                        public void run() {
                            domain.upRead(token);
                        }
                    });
                }

                Runnable reference() {
                    ReadSection section = domain.read();
                    return section::close;
                }
                """);
    }

    @Test
    void nestedTry() {
        compile("""
                void rethrown() {
                    long token = domain.downRead();
                    try {
                        work();
                    } catch (RuntimeException e) {
                        domain.upRead(token);
                        throw e;
                    }
                    domain.upRead(token);
                }

                void two() {
                    long first = domain.downRead();
                    try {
                        long second = domain.forkRead(first);
                        try {
                            work();
                        } finally {
                            domain.upRead(second);
                        }
                    } finally {
                        domain.upRead(first);
                    }
                }
                """);
    }

    @Test
    void catchesAndMonitors() {
        compile("""
                void checked(Callable<String> call) throws Exception {
                    long token = domain.downRead();
                    try {
                        call.call();
                        domain.upRead(token);
                    } catch (IllegalStateException | IllegalArgumentException e) {
                        domain.upRead(token);
                    } catch (Exception e) {
                        domain.upRead(token);
                        throw e;
                    }
                }

                void guarded(Object lock) {
                    synchronized (lock) {
                        long token = domain.downRead();
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void resources() {
        compile("""
                void resource() {
                    try (ReadSection section = domain.read();
                            ReadSection inner = domain.read()) {
                        work();
                    }
                    try (ReadSection _ = domain.read()) {
                        work();
                    }
                    ReadSection late = domain.read();
                    try (late) {
                        work();
                    }
                }

                void forkedAway() {
                    try (ReadSection section = domain.read()) {
                        keep(section.fork());
                    }
                }
                """);
    }

    @Test
    void recursionThatPassesIt() {
        compile("""
                void walk(long token, int depth) {
                    if (depth == 0) {
                        domain.upRead(token);
                    } else {
                        walk(token, depth - 1);
                    }
                }

                void start() {
                    walk(domain.downRead(), 3);
                }

                <T> long generic(Function<T, Long> f, T t) {
                    long token = domain.downRead();
                    return token;
                }
                """);
    }

    @Test
    void options() {
        compile("""
                void call() {
                    long token = domain.downRead();
                    work();
                    domain.upRead(token);
                }
                """, List.of("-XepOpt:ReadTokenLeak:Exceptions=false"));
        compile("""
                void call() {
                    long token = domain.downRead();
                    work();
                    domain.upRead(token);
                }
                """, List.of("-XepOpt:ReadTokenLeak:NeverThrows=Case.work"));
    }

    @Test
    void suppressed() {
        compile("""
                @SuppressWarnings("ReadTokenLeak")
                void method() {
                    domain.downRead();
                }

                void variable() {
                    @SuppressWarnings("ReadTokenLeak")
                    long token = domain.downRead();
                }

                @SuppressWarnings("ReadTokenLeak")
                static class Inner {
                    void method(ReadDomain domain) {
                        domain.read();
                    }
                }
                """);
    }

    @Test
    void negativeControlsAreOff() {
        compile("""
                private static final boolean PARK_HOLDING = Mutants.on("park-holding");

                void park() {
                    long token = domain.downRead();
                    if (!PARK_HOLDING) {
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void helpersThatDoNotThrow() {
        compile("""
                private void step() {
                    count = next(count);
                }

                private static int next(int n) {
                    return n > 3 ? 0 : n + 1;
                }

                void helpers() {
                    long token = domain.downRead();
                    step();
                    domain.upRead(token);
                }
                """);
    }
}
