// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import org.junit.jupiter.api.Test;

/** An anonymous class has the rule of the parameter that it is passed to, and none of the class that it stands in. */
class AnonymousClassTest {
    private final RuleSources blocking = new RuleSources(BlockingOnIoThread.class, getClass());
    private final RuleSources calls = new RuleSources(WrongThreadCall.class, getClass());
    private final RuleSources fields = new RuleSources(ConfinedFieldAccess.class, getClass());

    @Test
    void blocksWhereItsParameterForbidsIt() {
        blocking.check("""
                class Seed {
                    static void exec(@IoThreadOnly Runnable task) {}
                    void use(Lock lock, boolean choice) {
                        exec(new Runnable() {
                            public void run() {
                                // BUG: Diagnostic contains: anonymous Runnable.run is @IoThreadOnly (as parameter task of Seed.exec)
                                lock.lock();
                                helper();
                            }
                            void helper() {
                                // BUG: Diagnostic contains: anonymous Runnable.helper is @IoThreadOnly
                                lock.lock();
                            }
                        });
                        exec((Runnable) (choice ? null : new Runnable() {
                            // BUG: Diagnostic contains: enters a monitor
                            public synchronized void run() {}
                        }));
                    }
                }
                """);
    }

    @Test
    void callsWhatItsParameterForbids() {
        calls.check("""
                class Seed {
                    interface Loop { void execute(@IoThreadOnly Runnable task); }
                    static class Direct implements Loop { public void execute(Runnable task) {} }
                    static class Task { Task(@GlobalState Runnable task) {} }
                    @WaitsForGracePeriod static void waits() {}
                    @IoThreadOnly static void onIo() {}
                    @GlobalState void global(Direct loop) {
                        loop.execute(new Runnable() {
                            public void run() {
                                onIo();
                                helper();
                                // BUG: Diagnostic contains: anonymous Runnable.run is @IoThreadOnly (as parameter task of Loop.execute) and calls Seed.waits
                                waits();
                            }
                            void helper() {}
                        });
                        new Task(new Runnable() {
                            public void run() {
                                waits();
                                // BUG: Diagnostic contains: anonymous Runnable.run is @GlobalState
                                onIo();
                            }
                        });
                    }
                }
                """);
    }

    @Test
    void touchesWhatItsParameterForbids() {
        fields.check("""
                @GlobalState
                class Seed {
                    @ConfinedTo("the loop") int depth;
                    static void io(@IoThreadOnly Runnable task) {}
                    static void control(@GlobalState Runnable task) {}
                    void use(Executor executor) {
                        io(new Runnable() { public void run() { depth++; } });
                        executor.execute(new Runnable() { public void run() { depth++; } });
                        control(new Runnable() {
                            public void run() {
                                // BUG: Diagnostic contains: anonymous Runnable.run is @GlobalState (as parameter task of Seed.control)
                                depth++;
                            }
                        });
                    }
                }
                """);
    }

    @Test
    void doesNotHaveTheRuleOfTheClassAround() {
        calls.check("""
                @GlobalState
                class Seed {
                    static class Io {
                        @AnyThread void execute(@IoThreadOnly Runnable task) {}
                        @IoThreadOnly long cycleNanos() { return 0; }
                    }
                    static void unknown(Runnable task) {}
                    Runnable use(Io io) {
                        io.execute(new Runnable() { public void run() { io.cycleNanos(); } });
                        unknown(new Runnable() { public void run() { io.cycleNanos(); } });
                        Runnable kept = new Runnable() {
                            public void run() { new Inner().run(); }
                            class Inner { void run() { io.cycleNanos(); } }
                        };
                        return new Runnable() { public void run() { io.cycleNanos(); } };
                    }
                }
                """);
        blocking.check("""
                @IoThreadOnly
                class Seed {
                    void use(ExecutorService pool, Lock lock) {
                        pool.execute(new Runnable() { public void run() { lock.lock(); } });
                        new Thread(new Runnable() { public void run() { lock.lock(); } });
                        Runnable kept = new Runnable() { public void run() { lock.lock(); } };
                    }
                    Runnable field = new Runnable() { public void run() { LockSupport.park(); } };
                }
                """);
    }

    @Test
    void mayRunRightThere() {
        blocking.check("""
                class Seed {
                    static void here(Runnable task) {}
                    static void control(@GlobalState Runnable task) {}
                    @IoThreadOnly void io(Lock lock, List<String> list) {
                        here(new Runnable() {
                            public void run() {
                                // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls Lock.lock
                                lock.lock();
                                // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls Lock.lock
                                list.forEach(_ -> lock.lock());
                            }
                        });
                        // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls Lock.lock
                        list.forEach(_ -> here(new Runnable() { public void run() { lock.lock(); } }));
                        control(new Runnable() { public void run() { lock.lock(); } });
                    }
                    @AnyThread void any(Lock lock) {
                        here(new Runnable() { public void run() { lock.lock(); } });
                    }
                }
                """);
        calls.check("""
                class Seed {
                    static void here(Runnable task) {}
                    @WaitsForGracePeriod static void waits() {}
                    @IoThreadOnly void io() {
                        here(new Runnable() { public void run() { waits(); } });
                    }
                }
                """);
    }

    @Test
    void itsMethodsOwnRulesAndThoseOfWhatTheyOverrideComeFirst() {
        calls.check("""
                class Seed {
                    interface Job extends Runnable { @GlobalState void run(); }
                    static void io(@IoThreadOnly Object task) {}
                    @WaitsForGracePeriod static void waits() {}
                    @IoThreadOnly static void onIo() {}
                    void use() {
                        io(new Job() {
                            public void run() {
                                waits();
                                // BUG: Diagnostic contains: anonymous Job.run is @GlobalState (inherited from Job.run)
                                onIo();
                            }
                        });
                        io(new Object() {
                            @GlobalState void later() {
                                waits();
                                // BUG: Diagnostic contains: anonymous Object.later is @GlobalState and
                                onIo();
                            }
                        });
                    }
                }
                """);
    }

    @Test
    void itsInitializersBelongToWhoMakesIt() {
        calls.check("""
                class Seed {
                    static void io(@IoThreadOnly Object task) {}
                    @WaitsForGracePeriod static int waits() { return 0; }
                    @IoThreadOnly static int onIo() { return 0; }
                    @GlobalState void global() {
                        io(new Object() {
                            final int one = waits();
                            // BUG: Diagnostic contains: Seed.global is @GlobalState
                            final int two = onIo();
                        });
                    }
                }
                """);
    }

    @Test
    void localClassesHaveTheRuleOfTheClassAround() {
        calls.check("""
                @GlobalState
                class Seed {
                    @WaitsForGracePeriod static void waits() {}
                    @IoThreadOnly static void onIo() {}
                    @IoThreadOnly void local() {
                        class Local {
                            void run() {
                                waits();
                                // BUG: Diagnostic contains: Local.run is @GlobalState (as Seed)
                                onIo();
                            }
                        }
                    }
                    enum Kind {
                        ONE {
                            void helper() {
                                // BUG: Diagnostic contains: @GlobalState (as Seed)
                                onIo();
                            }
                        }
                    }
                }
                """);
    }
}
