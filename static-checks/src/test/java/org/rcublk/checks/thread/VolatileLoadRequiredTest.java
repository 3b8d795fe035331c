// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import org.junit.jupiter.api.Test;

class VolatileLoadRequiredTest {
    private static final String LOOKED_UP = """
            class Seed {
                @VolatileLoad private String current;
                private static final VarHandle CURRENT;
                static {
                    try {
                        CURRENT = MethodHandles.lookup().findVarHandle(Seed.class, "current", String.class);
                    } catch (ReflectiveOperationException e) {
                        throw new ExceptionInInitializerError(e);
                    }
                }
            """;

    private final RuleSources sources = new RuleSources(VolatileLoadRequired.class, getClass());

    @Test
    void handleOfAnAnnotatedField() {
        sources.check(LOOKED_UP + """
                    Object acquire() {
                        // BUG: Diagnostic contains: CURRENT is @VolatileLoad, and getAcquire may be ordered before
                        return CURRENT.getAcquire(this);
                    }
                    Object opaque() {
                        // BUG: Diagnostic contains: use getVolatile
                        return Seed.CURRENT.getOpaque(this);
                    }
                    Object plain() {
                        // BUG: Diagnostic contains: use getVolatile
                        return CURRENT.get(this);
                    }
                    Object reference() {
                        // BUG: Diagnostic contains: use getVolatile
                        Function<Seed, Object> load = CURRENT::getAcquire;
                        return load.apply(this);
                    }
                    Object fine() {
                        CURRENT.setRelease(this, "x");
                        CURRENT.compareAndSet(this, "x", "y");
                        CURRENT.getAndSet(this, "z");
                        return CURRENT.getVolatile(this);
                    }
                }
                """);
    }

    @Test
    void annotatedHandle() {
        sources.check("""
                class Seed {
                    @VolatileLoad private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
                    private static final VarHandle OTHERS = MethodHandles.arrayElementVarHandle(long[].class);
                    private final long[] words = new long[8];
                    long word() {
                        OTHERS.getAcquire(words, 1);
                        // BUG: Diagnostic contains: WORDS is @VolatileLoad
                        return (long) WORDS.getAcquire(words, 1);
                    }
                    long fine() {
                        words[0]++;
                        return (long) WORDS.getVolatile(words, 1);
                    }
                }
                class Elsewhere {
                    @VolatileLoad static final VarHandle SIZE = null;
                    static class Inner {
                        // BUG: Diagnostic contains: SIZE is @VolatileLoad
                        Object size() { return SIZE.getOpaque(); }
                    }
                }
                """);
    }

    @Test
    void annotatedHandleRulesItsField() {
        sources.check("""
                class Seed {
                    private int state;
                    private int other;
                    @VolatileLoad private static final VarHandle STATE = handle();
                    static VarHandle handle() { return null; }
                    @VolatileLoad private static VarHandle found;
                    static void find() throws Exception {
                        found = MethodHandles.lookup().findVarHandle(Seed.class, "state", int.class);
                    }
                    int read() {
                        // BUG: Diagnostic contains: state is @VolatileLoad and read plainly
                        return state + other;
                    }
                }
                """);
    }

    @Test
    void plainReads() {
        sources.check("""
                class Seed {
                    @VolatileLoad int weak;
                    @VolatileLoad volatile int strong;
                    @VolatileLoad final int fixed;
                    int free;
                    int fromStart = weak;
                    Seed() { weak = 1; fixed = weak; }
                    int read(Seed other) {
                        weak = 2;
                        this.weak = 3;
                        // BUG: Diagnostic contains: weak is @VolatileLoad and read plainly: declare it volatile
                        int sum = weak;
                        // BUG: Diagnostic contains: weak is @VolatileLoad
                        sum += other.weak;
                        // BUG: Diagnostic contains: weak is @VolatileLoad
                        weak++;
                        // BUG: Diagnostic contains: weak is @VolatileLoad
                        this.weak += 1;
                        return sum + strong + fixed + free;
                    }
                    Supplier<Integer> later = () ->
                            // BUG: Diagnostic contains: weak is @VolatileLoad
                            weak;
                }
                """);
    }

    @Test
    void atomics() {
        sources.check("""
                class Seed {
                    @VolatileLoad private final AtomicReference<String> current = new AtomicReference<>();
                    @VolatileLoad private final AtomicLong epoch = new AtomicLong();
                    @VolatileLoad private final AtomicLongArray slots = new AtomicLongArray(4);
                    @VolatileLoad private final AtomicInteger[] table = new AtomicInteger[4];
                    private final AtomicLong free = new AtomicLong();
                    void weak() {
                        // BUG: Diagnostic contains: current is @VolatileLoad, and getAcquire may be ordered before
                        current.getAcquire();
                        // BUG: Diagnostic contains: epoch is @VolatileLoad, and getPlain
                        this.epoch.getPlain();
                        // BUG: Diagnostic contains: slots is @VolatileLoad, and getOpaque
                        slots.getOpaque(1);
                        // BUG: Diagnostic contains: table is @VolatileLoad
                        table[1].getAcquire();
                        // BUG: Diagnostic contains: use get
                        LongSupplier load = epoch::getAcquire;
                    }
                    void fine() {
                        current.get();
                        current.set("x");
                        epoch.lazySet(1);
                        epoch.incrementAndGet();
                        slots.get(1);
                        free.getAcquire();
                        free.getPlain();
                        new AtomicLong().getAcquire();
                    }
                }
                """);
    }

    @Test
    void otherHandlesAreFree() {
        sources.check("""
                class Seed {
                    private int state;
                    @VolatileLoad private volatile int rank;
                    private static final VarHandle STATE;
                    static {
                        try {
                            STATE = MethodHandles.lookup().findVarHandle(Seed.class, "state", int.class);
                        } catch (ReflectiveOperationException e) {
                            throw new ExceptionInInitializerError(e);
                        }
                    }
                    int read() {
                        int got = (int) STATE.getAcquire(this) + (int) STATE.getOpaque(this) + (int) STATE.get(this);
                        return got + state + rank;
                    }
                }
                """);
    }

    @Test
    void fixesTheAccessMode() {
        sources.fixes(LOOKED_UP + """
                    Object load() { return CURRENT.getAcquire(this); }
                    @VolatileLoad final AtomicLong epoch = new AtomicLong();
                    long epoch() { return epoch.getPlain(); }
                }
                """, LOOKED_UP + """
                    Object load() { return CURRENT.getVolatile(this); }
                    @VolatileLoad final AtomicLong epoch = new AtomicLong();
                    long epoch() { return epoch.get(); }
                }
                """);
    }

    @Test
    void fixesTheDeclaration() {
        sources.fixes("""
                class Seed {
                    @VolatileLoad private int rank;
                    int rank() { return rank; }
                }
                """, """
                class Seed {
                    @VolatileLoad private volatile int rank;
                    int rank() { return rank; }
                }
                """);
    }

    @Test
    void suppressed() {
        sources.check(LOOKED_UP + """
                    @SuppressWarnings("VolatileLoadRequired") // under the lock that every writer holds
                    Object locked() { return CURRENT.getAcquire(this); }
                }
                """);
    }
}
