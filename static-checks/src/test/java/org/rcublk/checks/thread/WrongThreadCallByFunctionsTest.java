// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import org.junit.jupiter.api.Test;

/** Lambdas, method references, and the functions in parameters. */
class WrongThreadCallByFunctionsTest {
    private final RuleSources sources = new RuleSources(WrongThreadCall.class, getClass());

    @Test
    void lambdasHaveTheRuleOfTheirParameter() {
        sources.check("""
                class Seed {
                    static void io(@IoThreadOnly Runnable task) {}
                    static void control(int first, @GlobalState Runnable... tasks) {}
                    static void unknown(Runnable task) {}
                    static <T> T io(@IoThreadOnly Supplier<T> task) { return null; }
                    @WaitsForGracePeriod static void waits() {}
                    @IoThreadOnly static void onIo() {}

                    @GlobalState void global() {
                        io(() -> {
                            // BUG: Diagnostic contains: this lambda is @IoThreadOnly (as parameter task of Seed.io) and calls Seed.waits
                            waits();
                            onIo();
                        });
                        // BUG: Diagnostic contains: this lambda is @GlobalState
                        control(1, () -> waits(), () -> onIo());
                        unknown(() -> onIo());
                        Runnable kept = () -> onIo();
                    }
                    @IoThreadOnly void onIoToo(boolean choice) {
                        control(1, () -> waits());
                        unknown(() -> waits());
                        // BUG: Diagnostic contains: this lambda is @IoThreadOnly
                        io(choice ? () -> waits() : (Runnable) (() -> {}));
                        io(() -> control(2, () -> waits()));
                        // BUG: Diagnostic contains: this lambda is @GlobalState
                        control(3, () -> io(() -> onIo()), () -> onIo());
                    }
                    Runnable field = () -> waits();
                    // BUG: Diagnostic contains: this lambda is @IoThreadOnly
                    { io(() -> waits()); }
                }
                """);
    }

    @Test
    void parametersInheritTheirRule() {
        sources.check("""
                interface Loop {
                    void execute(@IoThreadOnly Runnable task);
                }
                class Seed implements Loop {
                    public void execute(Runnable task) {}
                    @WaitsForGracePeriod static void waits() {}
                    void start(Loop loop) {
                        // BUG: Diagnostic contains: this lambda is @IoThreadOnly
                        execute(() -> waits());
                        // BUG: Diagnostic contains: this lambda is @IoThreadOnly
                        loop.execute(() -> waits());
                        // BUG: Diagnostic contains: this method reference is @IoThreadOnly
                        execute(Seed::waits);
                        new Thread(() -> waits());
                    }
                }
                """);
    }

    @Test
    void lambdasHaveTheRuleOfTheirInterface() {
        sources.check("""
                class Seed {
                    interface Poll { @IoThreadOnly int poll(); }
                    interface Narrow extends Poll {}
                    @GlobalState interface Job { void go(); }
                    @WaitsForGracePeriod static int waits() { return 0; }
                    @IoThreadOnly static int onIo() { return 0; }
                    // BUG: Diagnostic contains: this lambda is @IoThreadOnly (inherited from Poll.poll)
                    Poll field = () -> waits();
                    // BUG: Diagnostic contains: this method reference is @IoThreadOnly
                    Narrow reference = Seed::waits;
                    // BUG: Diagnostic contains: this lambda is @GlobalState (as Job)
                    Job job = () -> onIo();
                    Job fine = () -> waits();
                    Poll give() {
                        // BUG: Diagnostic contains: this lambda is @IoThreadOnly
                        return () -> waits();
                    }
                }
                """);
    }

    @Test
    void methodReferencesAreCalls() {
        sources.check("""
                class Seed {
                    static class Base { @GlobalState void up() {} }
                    static class Node extends Base {
                        @GlobalState Node() {}
                        @GlobalState void flush() {}
                        @IoThreadOnly void step() {}
                        void up() {}
                        void self() {
                            // BUG: Diagnostic contains: Base.up
                            io(super::up);
                        }
                    }
                    static void io(@IoThreadOnly Runnable task) {}
                    static void each(@IoThreadOnly Consumer<Node> task) {}
                    static void make(@IoThreadOnly Supplier<Node> task) {}
                    static void array(@IoThreadOnly IntFunction<Node[]> task) {}
                    @GlobalState static void global() {}
                    void use(Node node, List<Node> all) {
                        // BUG: Diagnostic contains: this method reference is @IoThreadOnly (as parameter task of Seed.io) and calls Seed.global
                        io(Seed::global);
                        // BUG: Diagnostic contains: calls Node.flush
                        io(node::flush);
                        // BUG: Diagnostic contains: calls Node.flush
                        each(Node::flush);
                        // BUG: Diagnostic contains: calls new Node
                        make(Node::new);
                        io(node::step);
                        each(Node::step);
                        array(Node[]::new);
                        all.forEach(Node::flush);
                    }
                    @IoThreadOnly void unknownTakers(List<Node> all) {
                        all.forEach(Node::flush);
                        Runnable kept = Seed::global;
                    }
                }
                """);
    }

    @Test
    void rulesOfFunctionsInParameters() {
        sources.check("""
                class Seed {
                    static void control(@GlobalState Runnable task) {}
                    static void io(@IoThreadOnly Runnable task) {
                        io(task);
                        // BUG: Diagnostic contains: this argument is @GlobalState (as parameter task of Seed.control) and calls task.run
                        control(task);
                        task.run();
                    }
                    @GlobalState static void global(@IoThreadOnly Runnable task, @GlobalState Runnable job, Runnable any) {
                        // BUG: Diagnostic contains: Seed.global is @GlobalState and calls task.run, which is @IoThreadOnly
                        task.run();
                        job.run();
                        any.run();
                        task.hashCode();
                        // BUG: Diagnostic contains: this method reference is @GlobalState
                        control(task::run);
                        control(job);
                        control(any);
                    }
                    interface Loop { void execute(@GlobalState Runnable task); }
                    static class Direct implements Loop {
                        @IoThreadOnly public void execute(Runnable task) {
                            // BUG: Diagnostic contains: task.run, which is @GlobalState
                            task.run();
                        }
                    }
                }
                """);
    }
}
