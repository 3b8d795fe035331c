// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import org.junit.jupiter.api.Test;

class WrongThreadCallTest {
    private final RuleSources sources = new RuleSources(WrongThreadCall.class, getClass());

    @Test
    void reportsWhatAnIoThreadMustNotCall() {
        sources.check("""
                class Seed {
                    @AnyThread void any() {
                        any();
                        // BUG: Diagnostic contains: Seed.any is @AnyThread and calls Seed.io, which is @IoThreadOnly
                        io();
                        // BUG: Diagnostic contains: Seed.global, which is @GlobalState: hand it to a control thread
                        global();
                        // BUG: Diagnostic contains: Seed.waits, which is @WaitsForGracePeriod: use startPoll and poll
                        waits();
                        unruled();
                    }
                    @IoThreadOnly void io() {
                        any();
                        io();
                        // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls Seed.global
                        global();
                        // BUG: Diagnostic contains: Seed.io is @IoThreadOnly and calls Seed.waits
                        waits();
                        unruled();
                    }
                    @GlobalState void global() {}
                    @WaitsForGracePeriod void waits() {}
                    void unruled() {}
                }
                """);
    }

    @Test
    void reportsWhatTheControlPathMustNotCall() {
        sources.check("""
                class Seed {
                    @GlobalState void global() {
                        any();
                        // BUG: Diagnostic contains: hand it to the IOThread that owns the objects
                        io();
                        global();
                        waits();
                        unruled();
                    }
                    @WaitsForGracePeriod void waits() {
                        any();
                        // BUG: Diagnostic contains: Seed.waits is @WaitsForGracePeriod and calls Seed.io
                        io();
                        global();
                        waits();
                        unruled();
                    }
                    @GlobalState @WaitsForGracePeriod void both() {
                        waits();
                    }
                    @AnyThread void any() {}
                    @IoThreadOnly void io() {}
                    void unruled() {}
                }
                """);
    }

    @Test
    void saysNothingOfCodeWithoutARule() {
        sources.check("""
                class Seed {
                    void unruled() {
                        any();
                        io();
                        global();
                        waits();
                    }
                    @AnyThread void any() {}
                    @IoThreadOnly void io() {}
                    @GlobalState void global() {}
                    @WaitsForGracePeriod void waits() {}
                }
                """);
    }

    @Test
    void inheritsThroughInterfaces() {
        sources.check("""
                interface Driver {
                    @IoThreadOnly void submit();
                    @GlobalState void close();
                }
                interface Filter extends Driver {}
                class Seed implements Filter {
                    public void submit() {
                        // BUG: Diagnostic contains: Seed.submit is @IoThreadOnly (inherited from Driver.submit) and calls Seed.close
                        close();
                    }
                    public void close() {}
                    @AnyThread static void any(Driver driver, Filter filter, Seed seed) {
                        // BUG: Diagnostic contains: calls Driver.submit, which is @IoThreadOnly:
                        driver.submit();
                        // BUG: Diagnostic contains: calls Driver.submit, which is @IoThreadOnly:
                        filter.submit();
                        // BUG: Diagnostic contains: calls Seed.submit, which is @IoThreadOnly (inherited from Driver.submit)
                        seed.submit();
                    }
                }
                """);
    }

    @Test
    void inheritsThroughGenericSupertypesOverTwoLevels() {
        sources.check("""
                abstract class Step<T> {
                    @IoThreadOnly abstract void run(T with);
                    @AnyThread void note(T with) {}
                }
                abstract class Middle<U extends CharSequence> extends Step<U> {
                    @Override void run(U with) {}
                }
                class Seed extends Middle<String> {
                    @WaitsForGracePeriod static void waits() {}
                    @Override void run(String with) {
                        // BUG: Diagnostic contains: Seed.run is @IoThreadOnly (inherited from Step.run)
                        waits();
                        note(with);
                        run(1);
                    }
                    void run(int overload) {
                        waits();
                    }
                }
                """);
    }

    @Test
    void takesTheStricterOfTwoSupertypes() {
        sources.check("""
                interface Lenient { @AnyThread void go(); }
                interface Strict { @GlobalState void go(); }
                abstract class Seed implements Lenient, Strict {
                    @IoThreadOnly void io() {
                        // BUG: Diagnostic contains: inherited from Strict.go
                        new Both().go();
                    }
                    static class Both implements Lenient, Strict {
                        public void go() {}
                    }
                }
                """);
    }

    @Test
    void anOverrideStandsForWhatItOverrides() {
        sources.check("""
                interface Driver { @IoThreadOnly void size(); }
                class Base implements Driver { @AnyThread public void size() {} }
                class Seed extends Base implements Driver {
                    @Override public void size() {}
                    @AnyThread static void any(Seed seed, Driver driver) {
                        seed.size();
                        // BUG: Diagnostic contains: Driver.size
                        driver.size();
                    }
                }
                """);
    }

    @Test
    void aClassRulesItsMembers() {
        sources.check("""
                @GlobalState
                class Seed {
                    Seed() {
                        // BUG: Diagnostic contains: new Seed is @GlobalState (as Seed) and calls Other.io
                        Other.io();
                    }
                    void plain() {
                        // BUG: Diagnostic contains: Seed.plain is @GlobalState (as Seed) and calls Other.io
                        Other.io();
                    }
                    @IoThreadOnly static void own() {
                        Other.io();
                        // BUG: Diagnostic contains: new Seed, which is @GlobalState (as Seed)
                        new Seed();
                    }
                }
                class Other {
                    @IoThreadOnly static void io() {}
                }
                """);
    }

    @Test
    void classesAroundAClassRuleItsMembers() {
        sources.check("""
                @GlobalState
                class Seed {
                    static class Inner {
                        static class Innermost {
                            void plain() {
                                // BUG: Diagnostic contains: Innermost.plain is @GlobalState (as Seed)
                                Other.io();
                            }
                        }
                    }
                    @IoThreadOnly
                    static class Ruled {
                        void plain() {
                            Other.io();
                        }
                    }
                    static class Implements implements Other.Task {
                        public void run() {
                            Other.io();
                        }
                    }
                }
                class Other {
                    interface Task { @IoThreadOnly void run(); }
                    @IoThreadOnly static void io() {}
                }
                """);
    }

    @Test
    void anonymousClassesAndDefaultMethods() {
        sources.check("""
                class Seed {
                    @WaitsForGracePeriod static int waits() { return 1; }
                    interface Task {
                        @IoThreadOnly void run();
                        default @IoThreadOnly void twice() {
                            run();
                            // BUG: Diagnostic contains: Task.twice is @IoThreadOnly
                            waits();
                        }
                    }
                    Task task = new Task() {
                        public void run() {
                            // BUG: Diagnostic contains: anonymous Task.run is @IoThreadOnly (inherited from Task.run)
                            waits();
                        }
                    };
                }
                """);
    }

    @Test
    void enumsAndRecords() {
        sources.check("""
                class Seed {
                    @WaitsForGracePeriod static int waits() { return 1; }
                    enum Kind {
                        ONE {
                            @Override int go() {
                                // BUG: Diagnostic contains: inherited from Kind.go
                                return waits();
                            }
                        },
                        TWO;
                        @IoThreadOnly int go() { return 0; }
                    }
                    record Point(int x) {
                        @IoThreadOnly Point {
                            // BUG: Diagnostic contains: new Point is @IoThreadOnly
                            waits();
                        }
                    }
                    @AnyThread record Ruled(int x) {
                        Ruled {
                            // BUG: Diagnostic contains: new Ruled is @AnyThread (as Ruled)
                            waits();
                        }
                    }
                }
                """);
    }

    @Test
    void constructorsCallConstructors() {
        sources.check("""
                class Seed {
                    static class Base {
                        @GlobalState Base(int x) {}
                        @AnyThread Base() {}
                    }
                    static class Child extends Base {
                        @IoThreadOnly Child() {
                            // BUG: Diagnostic contains: new Child is @IoThreadOnly and calls new Base, which is @GlobalState
                            super(1);
                        }
                        @AnyThread Child(int x) {}
                        @AnyThread Child(String s) {
                            // BUG: Diagnostic contains: calls new Child, which is @IoThreadOnly
                            this();
                        }
                    }
                    static class Implicit extends Only {
                        // BUG: Diagnostic contains: new Implicit is @IoThreadOnly and calls new Only
                        @IoThreadOnly Implicit() {}
                    }
                    static class Only { @GlobalState Only() {} }
                    @IoThreadOnly
                    // BUG: Diagnostic contains: new Generated is @IoThreadOnly (as Generated) and calls new Only
                    static class Generated extends Only {}
                }
                """);
    }

    @Test
    void methodsCallConstructors() {
        sources.check("""
                class Seed {
                    static class Base {
                        @GlobalState Base(int x) {}
                        @AnyThread Base() {}
                    }
                    @IoThreadOnly void make() {
                        // BUG: Diagnostic contains: Seed.make is @IoThreadOnly and calls new Base
                        new Base(1);
                        new Base();
                        // BUG: Diagnostic contains: Seed.make is @IoThreadOnly and calls new Base
                        new Base(1) {};
                        new Base() {};
                        new Object() {
                            // BUG: Diagnostic contains: Seed.make is @IoThreadOnly and calls new Base
                            final Base made = new Base(2);
                            void later() { new Base(3); }
                        };
                    }
                }
                """);
    }

    @Test
    void superCallsAndHiddenCalls() {
        sources.check("""
                class Seed {
                    static class Base implements AutoCloseable, Iterable<String> {
                        @GlobalState public void close() {}
                        @GlobalState public Iterator<String> iterator() { return null; }
                        @GlobalState void m() {}
                    }
                    static class Child extends Base {
                        @Override @AnyThread void m() {
                            // BUG: Diagnostic contains: Child.m is @AnyThread and calls Base.m, which is @GlobalState
                            super.m();
                        }
                    }
                    @IoThreadOnly void hidden(Base base, List<String> list, String[] array) {
                        // BUG: Diagnostic contains: calls Base.close
                        try (Base resource = base) {}
                        // BUG: Diagnostic contains: calls Base.close
                        try (base) {}
                        // BUG: Diagnostic contains: calls Base.iterator
                        for (String each : base) {}
                        for (String each : list) {}
                        for (String each : array) {}
                    }
                }
                """);
    }

    @Test
    void initializersAndUnruledCodeAreLeftToTheCallGraph() {
        sources.check("""
                @IoThreadOnly
                class Seed {
                    @WaitsForGracePeriod static int waits() { return 0; }
                    static int one = waits();
                    int two = waits();
                    static { waits(); }
                    { waits(); }
                }
                class Plain {
                    void helper() { Seed.waits(); }
                    @IoThreadOnly void through() { helper(); }
                    static class Runs implements Runnable {
                        public void run() { Seed.waits(); }
                    }
                    @IoThreadOnly Runnable later() { return () -> Seed.waits(); }
                    @IoThreadOnly Runnable laterStill() {
                        return new Runnable() { public void run() { Seed.waits(); } };
                    }
                    @IoThreadOnly void local() {
                        class Local { void run() { Seed.waits(); } }
                        new Local();
                    }
                }
                @GlobalState
                class Outer {
                    @IoThreadOnly void local() {
                        class Local {}
                        record Pair(int a) {}
                        new Local();
                        new Pair(1);
                        new Comparator<String>() { public int compare(String a, String b) { return 0; } };
                    }
                }
                """);
    }

    @Test
    void suppressed() {
        sources.check("""
                class Seed {
                    @GlobalState void global() {}
                    @SuppressWarnings("WrongThreadCall") // the loop has ended: this thread is no IOThread any more
                    @IoThreadOnly void io() { global(); }
                }
                """);
    }
}
