// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import org.junit.jupiter.api.Test;

class WidenedThreadRuleTest {
    private final RuleSources sources = new RuleSources(WidenedThreadRule.class, getClass());

    @Test
    void fromAnyThread() {
        sources.check("""
                class Seed {
                    static class Base {
                        @AnyThread void a() {}
                        @AnyThread void b() {}
                        @AnyThread void c() {}
                        @AnyThread void d() {}
                        @AnyThread void e() {}
                    }
                    static class Child extends Base {
                        // BUG: Diagnostic contains: Child.a is @IoThreadOnly, but overrides Base.a, which is @AnyThread
                        @IoThreadOnly @Override void a() {}
                        // BUG: Diagnostic contains: Child.b is @GlobalState, but overrides Base.b
                        @GlobalState @Override void b() {}
                        // BUG: Diagnostic contains: Child.c is @WaitsForGracePeriod, but overrides Base.c
                        @WaitsForGracePeriod @Override void c() {}
                        @AnyThread @Override void d() {}
                        @Override void e() {}
                    }
                }
                """);
    }

    @Test
    void fromIoThreadAndControlThreads() {
        sources.check("""
                class Seed {
                    interface Base {
                        @IoThreadOnly void io1(); @IoThreadOnly void io2(); @IoThreadOnly void io3(); @IoThreadOnly void io4();
                        @GlobalState void g1(); @GlobalState void g2(); @GlobalState void g3(); @GlobalState void g4();
                        @WaitsForGracePeriod void w1(); @WaitsForGracePeriod void w2(); @WaitsForGracePeriod void w3();
                    }
                    static class Child implements Base {
                        // BUG: Diagnostic contains: Child.io1 is @GlobalState
                        @GlobalState public void io1() {}
                        // BUG: Diagnostic contains: Child.io2 is @WaitsForGracePeriod
                        @WaitsForGracePeriod public void io2() {}
                        @AnyThread public void io3() {}
                        @IoThreadOnly public void io4() {}
                        // BUG: Diagnostic contains: Child.g1 is @IoThreadOnly
                        @IoThreadOnly public void g1() {}
                        // BUG: Diagnostic contains: Child.g2 is @WaitsForGracePeriod
                        @WaitsForGracePeriod public void g2() {}
                        @AnyThread public void g3() {}
                        public void g4() {}
                        // BUG: Diagnostic contains: Child.w1 is @IoThreadOnly
                        @IoThreadOnly public void w1() {}
                        @GlobalState public void w2() {}
                        @AnyThread public void w3() {}
                    }
                }
                """);
    }

    @Test
    void overTwoLevelsAndThroughGenerics() {
        sources.check("""
                class Seed {
                    interface Top<T> { @AnyThread void go(T with); }
                    interface Middle<U extends CharSequence> extends Top<U> {}
                    static class Quiet implements Middle<String> { public void go(String with) {} }
                    static class Child extends Quiet {
                        // BUG: Diagnostic contains: Child.go is @IoThreadOnly, but overrides Quiet.go, which is @AnyThread (inherited from Top.go)
                        @IoThreadOnly @Override public void go(String with) {}
                        @IoThreadOnly void go(int overload) {}
                    }
                    static class Direct implements Middle<String> {
                        // BUG: Diagnostic contains: overrides Top.go, which is @AnyThread: say @AnyThread here too
                        @GlobalState public void go(String with) {}
                    }
                }
                """);
    }

    @Test
    void rulesOfClasses() {
        sources.check("""
                @AnyThread
                class Seed {
                    void plain() {}
                    static class Nested { void deep() {} }
                }
                class Child extends Seed {
                    // BUG: Diagnostic contains: Child.plain is @GlobalState, but overrides Seed.plain, which is @AnyThread (as Seed)
                    @GlobalState @Override void plain() {}
                }
                class Other extends Seed.Nested {
                    // BUG: Diagnostic contains: Other.deep is @IoThreadOnly
                    @IoThreadOnly @Override void deep() {}
                }
                @GlobalState
                class Ruled extends Seed {
                    @Override void plain() {}
                    void more() {}
                    @Override public String toString() { return ""; }
                }
                """);
    }

    @Test
    void disagreeingSupertypes() {
        sources.check("""
                class Seed {
                    interface Lenient { @AnyThread void go(); }
                    interface Strict { @GlobalState void go(); }
                    static class Silent implements Lenient, Strict {
                        // BUG: Diagnostic contains: Silent.go is @GlobalState (inherited from Strict.go), but overrides Lenient.go
                        public void go() {}
                    }
                    static class Both implements Lenient, Strict {
                        @AnyThread public void go() {}
                    }
                    static class Again extends Both implements Strict {
                        @Override public void go() {}
                    }
                }
                """);
    }

    @Test
    void unruledSupertypesAllowAll() {
        sources.check("""
                class Seed {
                    static class Io implements Runnable { @IoThreadOnly public void run() {} }
                    static class Global implements AutoCloseable { @GlobalState public void close() {} }
                    static class Waits implements Callable<String> { @WaitsForGracePeriod public String call() { return ""; } }
                    @IoThreadOnly static class Class implements Supplier<String> { public String get() { return ""; } }
                    static class Base {
                        Base() {}
                        @AnyThread static void hidden() {}
                        @AnyThread private void secret() {}
                    }
                    static class Child extends Base {
                        @IoThreadOnly Child() {}
                        @IoThreadOnly static void hidden() {}
                        @IoThreadOnly private void secret() {}
                        @RequiresReadSection @Override public String toString() { return ""; }
                    }
                }
                """);
    }

    @Test
    void anonymousClassesEnumsAndRecords() {
        sources.check("""
                class Seed {
                    interface Task { @AnyThread int size(); }
                    Task task = new Task() {
                        // BUG: Diagnostic contains: anonymous Task.size is @GlobalState
                        @GlobalState public int size() { return 1; }
                    };
                    record Sized(int size) implements Task {
                        // BUG: Diagnostic contains: Sized.size is @IoThreadOnly
                        @IoThreadOnly public int size() { return size; }
                    }
                    record Fine(int size) implements Task {}
                    enum Kind {
                        ONE {
                            // BUG: Diagnostic contains: overrides Kind.go, which is @IoThreadOnly
                            @GlobalState @Override void go() {}
                        };
                        @IoThreadOnly void go() {}
                    }
                    interface Deeper extends Task {
                        // BUG: Diagnostic contains: Deeper.size is @IoThreadOnly
                        @IoThreadOnly default int size() { return 0; }
                    }
                }
                """);
    }

    @Test
    void readSections() {
        sources.check("""
                class Seed {
                    interface Driver {
                        @IoThreadOnly void submit();
                        @IoThreadOnly @RequiresReadSection void pinned();
                        void unruled();
                    }
                    static class Child implements Driver {
                        // BUG: Diagnostic contains: Child.submit is @RequiresReadSection, but overrides Driver.submit, which is not
                        @RequiresReadSection public void submit() {}
                        @RequiresReadSection public void pinned() {}
                        @RequiresReadSection public void unruled() {}
                    }
                    static class Lax implements Driver {
                        public void submit() {}
                        public void pinned() {}
                        public void unruled() {}
                    }
                }
                """);
    }

    @Test
    void parameters() {
        sources.check("""
                class Seed {
                    interface Loop {
                        void one(@IoThreadOnly Runnable task);
                        void two(@IoThreadOnly Runnable task);
                        void three(@AnyThread Runnable task);
                        void four(Runnable task);
                        void five(@GlobalState Runnable task);
                    }
                    static class Child implements Loop {
                        // BUG: Diagnostic contains: Parameter task of Child.one is @GlobalState, but in the overridden Loop.one it is @IoThreadOnly
                        public void one(@GlobalState Runnable task) {}
                        public void two(Runnable task) {}
                        public void three(@IoThreadOnly Runnable task) {}
                        public void four(@IoThreadOnly Runnable task) {}
                        // BUG: Diagnostic contains: Parameter task of Child.five is @AnyThread
                        public void five(@AnyThread Runnable task) {}
                    }
                }
                """);
    }

    @Test
    void removesTheAnnotation() {
        sources.fixes("""
                class Seed {
                    interface Base { @AnyThread void go(); }
                    static class Child implements Base { @IoThreadOnly public void go() {} }
                }
                """, """
                class Seed {
                    interface Base { @AnyThread void go(); }
                    static class Child implements Base { public void go() {} }
                }
                """);
    }

    @Test
    void suppressed() {
        sources.check("""
                class Seed {
                    static class Base { @AnyThread void go() {} }
                    static class Child extends Base {
                        @SuppressWarnings("WidenedThreadRule") // a test double that nobody calls through Base
                        @GlobalState @Override void go() {}
                    }
                }
                """);
    }
}
