// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import org.junit.jupiter.api.Test;

class ConfinedFieldAccessTest {
    private final RuleSources sources = new RuleSources(ConfinedFieldAccess.class, getClass());

    @Test
    void reportsReadsAndWritesOfOtherThreads() {
        sources.check("""
                class Seed {
                    @ConfinedTo("the IOThread of the queue") int depth;
                    @ConfinedTo("the IOThread of the queue") int[] slots = new int[4];
                    int free;
                    @AnyThread int any() {
                        free++;
                        // BUG: Diagnostic contains: Seed.any is @AnyThread, and Seed.depth is confined to the IOThread of the queue
                        return depth;
                    }
                    @GlobalState void global(Seed other) {
                        // BUG: Diagnostic contains: Seed.global is @GlobalState
                        depth = 1;
                        // BUG: Diagnostic contains: Seed.depth
                        this.depth++;
                        // BUG: Diagnostic contains: Seed.depth
                        other.depth += 1;
                        // BUG: Diagnostic contains: Seed.slots
                        slots[0] = 1;
                        // BUG: Diagnostic contains: Seed.slots
                        System.out.println(slots.length);
                    }
                    @WaitsForGracePeriod void waits() {
                        // BUG: Diagnostic contains: Seed.waits is @WaitsForGracePeriod
                        depth = 1;
                    }
                    @IoThreadOnly void io(Seed other) { depth++; other.depth = slots.length; }
                    void unruled() { depth++; }
                    static int total(List<Seed> all) { return all.getFirst().depth; }
                }
                """);
    }

    @Test
    void constructorsAndInitializersAreFree() {
        sources.check("""
                @GlobalState
                class Seed {
                    @ConfinedTo("the loop") int depth = 1;
                    @ConfinedTo("the loop") static int count;
                    int twice = depth * 2;
                    static { count = 1; }
                    { depth = 2; }
                    Seed() { depth = 3; this.depth = depth; }
                    @AnyThread Seed(Seed other) { depth = other.depth; }
                    static class Child extends Seed {
                        Child() { depth = 4; }
                    }
                    static class Stranger {
                        Stranger(Seed seed) {
                            // BUG: Diagnostic contains: new Stranger is @GlobalState (as Seed)
                            seed.depth = 1;
                        }
                    }
                    void plain() {
                        // BUG: Diagnostic contains: Seed.plain is @GlobalState (as Seed)
                        depth = 5;
                        // BUG: Diagnostic contains: Seed.count
                        Seed.count++;
                    }
                }
                """);
    }

    @Test
    void lambdasDecideForThemselves() {
        sources.check("""
                class Seed {
                    @ConfinedTo("the loop") int depth;
                    static void io(@IoThreadOnly Runnable task) {}
                    static void control(@GlobalState Runnable task) {}
                    static void unknown(Runnable task) {}
                    interface Count { @AnyThread int count(); }
                    Seed() {
                        // BUG: Diagnostic contains: this lambda is @GlobalState (as parameter task of Seed.control)
                        control(() -> depth = 1);
                        io(() -> depth = 1);
                    }
                    @GlobalState void global() {
                        io(() -> depth++);
                        unknown(() -> depth++);
                        Runnable kept = () -> depth++;
                        // BUG: Diagnostic contains: this lambda is @GlobalState
                        io(() -> control(() -> depth++));
                        control(() -> io(() -> depth++));
                    }
                    @IoThreadOnly void onIo() {
                        // BUG: Diagnostic contains: this lambda is @GlobalState
                        control(() -> depth++);
                    }
                    // BUG: Diagnostic contains: this lambda is @AnyThread (inherited from Count.count)
                    Count count = () -> depth;
                }
                """);
    }

    @Test
    void inheritedRules() {
        sources.check("""
                interface Driver<T> {
                    @IoThreadOnly void submit(T request);
                    @AnyThread int depth();
                }
                abstract class Middle<U> implements Driver<U> {}
                class Seed extends Middle<String> {
                    @ConfinedTo("the loop") int depth;
                    public void submit(String request) { depth++; }
                    public int depth() {
                        // BUG: Diagnostic contains: Seed.depth is @AnyThread (inherited from Driver.depth)
                        return depth;
                    }
                    Driver<Long> other = new Driver<>() {
                        public void submit(Long request) { depth--; }
                        public int depth() {
                            // BUG: Diagnostic contains: @AnyThread (inherited from Driver.depth)
                            return Seed.this.depth;
                        }
                    };
                }
                class Child extends Seed {
                    @Override public int depth() {
                        // BUG: Diagnostic contains: Child.depth is @AnyThread
                        return super.depth;
                    }
                }
                """);
    }

    @Test
    void recordsEnumsAndNestedClasses() {
        sources.check("""
                class Seed {
                    @ConfinedTo("the loop") int depth;
                    @AnyThread static class Inner {
                        void run(Seed seed) {
                            // BUG: Diagnostic contains: Inner.run is @AnyThread (as Inner)
                            seed.depth++;
                        }
                        @IoThreadOnly void own(Seed seed) { seed.depth++; }
                    }
                    record View(int depth) {
                        @GlobalState View(Seed seed) {
                            // BUG: Diagnostic contains: new View is @GlobalState
                            this(seed.depth);
                        }
                    }
                    enum Kind {
                        ONE {
                            @Override void go(Seed seed) {
                                // BUG: Diagnostic contains: inherited from Kind.go
                                seed.depth++;
                            }
                        };
                        @AnyThread abstract void go(Seed seed);
                    }
                    @GlobalState synchronized void locked() {
                        // BUG: Diagnostic contains: Seed.locked
                        synchronized (this) { depth++; }
                    }
                }
                """);
    }

    @Test
    void suppressed() {
        sources.check("""
                class Seed {
                    @ConfinedTo("the loop") int depth;
                    @SuppressWarnings("ConfinedFieldAccess") // the loop has ended, and its thread was joined
                    @GlobalState int last() { return depth; }
                }
                """);
    }
}
