// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lambdas, method references, and objects of functional interfaces: whom their calls reach. */
class FunctionsTest {
    @TempDir
    private Path folder;

    private Program program(String source) throws CallGraphException {
        return Program.of(folder, source);
    }

    @Test
    void lambdaOfAnOwnInterfaceIsAnImplementation() throws CallGraphException {
        Program program = program("""
                interface Job { void go(); }
                class A {
                    Job job = () -> end();
                    static void end() {}
                    Job other() { return A::end; }
                }
                class B { void run(Job j) { j.go(); } }
                """);
        assertTrue(program.callees("B.run").stream().anyMatch(name -> name.startsWith("A.lambda$")));
        assertTrue(program.callees("B.run").contains("A.other::end"));
        assertEquals(List.of(), program.paths("A.other", "A.end"), "making a function does not run it");
    }

    @Test
    void libraryMethodMayRunTheLambdaItIsGiven() throws CallGraphException {
        Program program = program("""
                class A {
                    static void end(Object o) {}
                    void each(List<String> l) { l.forEach(s -> end(s)); }
                    void reference(List<String> l) { l.forEach(A::end); }
                    Object cached(Map<String, Object> m) { return m.computeIfAbsent("", k -> { end(k); return k; }); }
                    void stored(List<Runnable> l) { l.add(() -> end("")); }
                }
                """);
        for (String method : List.of("A.each", "A.reference", "A.cached")) {
            assertEquals(1, program.paths(method, "A.end").size(), method);
        }
        assertEquals(List.of(), program.paths("A.stored", "A.end"), "a collection keeps it");
    }

    @Test
    void handedOverLambdaDoesNotRunHere() throws CallGraphException {
        Program program = program("""
                class A {
                    static void end() {}
                    void execute(ThreadPoolExecutor e) { e.execute(() -> end()); }
                    void submit(ExecutorService e) { e.submit(A::end); }
                    void thread() { new Thread(() -> end()).start(); }
                    void virtual() { Thread.ofVirtual().start(() -> end()); }
                    void future() { CompletableFuture.runAsync(() -> end()).whenComplete((r, e) -> end()); }
                }
                """);
        assertEquals(List.of(), program.paths("A.(execute|submit|thread|virtual|future)", "A.end"));
    }

    @Test
    void libraryInterfaceReachesOnlyWhatFlowsThere() throws CallGraphException {
        Program program = program("""
                class A {
                    static void left() {}
                    static void right() {}
                    void both() { run(() -> left()); new B(() -> right()).go(); }
                    static void run(Runnable r) { Runnable same = r; same.run(); }
                }
                class B {
                    private final Runnable task;
                    B(Runnable task) { this.task = Objects.requireNonNull(task); }
                    Runnable task() { return task; }
                    void go() { task().run(); }
                }
                """);
        assertEquals(1, program.paths("A.run", "A.left").size());
        assertEquals(List.of(), program.paths("A.run", "A.right"));
        assertEquals(1, program.paths("B.go", "A.right").size());
        assertEquals(List.of(), program.paths("B.go", "A.left"));
    }

    @Test
    void functionsComeOutOfCollectionsAndArrays() throws CallGraphException {
        Program program = program("""
                class Loop {
                    private final Queue<Runnable> tasks = new ArrayDeque<>();
                    private final Runnable[] slots = new Runnable[4];
                    void post(Runnable r) { tasks.add(r); }
                    void drain() { for (Runnable r : tasks) { r.run(); } }
                    void poll() { Runnable r = tasks.poll(); if (r != null) { r.run(); } }
                    void each() { tasks.forEach(r -> r.run()); }
                    void set(Runnable r) { slots[0] = r; }
                    void get() { slots[1].run(); }
                }
                class A {
                    static void end() {}
                    static void slot() {}
                    void post(Loop l) { l.post(A::end); l.set(() -> slot()); }
                }
                """);
        for (String method : List.of("Loop.drain", "Loop.poll", "Loop.each")) {
            assertEquals(1, program.paths(method, "A.end").size(), method);
            assertEquals(0, program.paths(method, "A.slot").size(), method);
        }
        assertEquals(1, program.paths("Loop.get", "A.slot").size());
    }

    @Test
    void objectsOfLibraryInterfacesFlowLikewise() throws CallGraphException {
        Program program = program("""
                class Worker implements Runnable { public void run() { end(); } static void end() {}
                    Thread thread() { return new Thread(this); } }
                class Other implements Runnable { public void run() {} }
                class A {
                    void go() { call(new Other()); new Worker().thread(); }
                    void call(Runnable r) { r.run(); }
                    void sort(List<String> l) { l.sort(new ByLength()); }
                }
                class ByLength implements Comparator<String> {
                    public int compare(String a, String b) { return length(a) - length(b); }
                    static int length(String s) { return s.length(); }
                }
                """);
        assertEquals(List.of("Other.run", "java.lang.Runnable.run"), program.callees("A.call"));
        assertEquals(List.of(), program.paths("A.go", "Worker.end"));
        assertEquals(1, program.paths("A.sort", "ByLength.length").size());
    }

    @Test
    void varHandleDoesNotKeepTheObjectWhoseFieldItIs() throws CallGraphException {
        Program program = program("""
                class A implements Runnable {
                    static final java.lang.invoke.VarHandle TASK = null;
                    Runnable task;
                    void set() { TASK.setVolatile(this, (Runnable) () -> end()); }
                    void get() { ((Runnable) TASK.getVolatile(this)).run(); }
                    static void end() {}
                    public void run() {}
                }
                """);
        assertEquals(1, program.paths("A.get", "A.end").size());
        assertEquals(List.of(), program.paths("A.get", "A.run"));
    }

    @Test
    void constructorReferenceCreates() throws CallGraphException {
        Program program = program("""
                class A {
                    A() { end(); }
                    static void end() {}
                    static Object make(Supplier<A> s) { return s.get(); }
                    static Object go() { return make(A::new); }
                }
                """);
        assertEquals(List.of("A.make > A.go::new > A.<init> > A.end"), program.paths("A.make", "A.end"));
    }

    @Test
    void boundReferenceKeepsItsReceiver() throws CallGraphException {
        Program program = program("""
                class A {
                    static void end() {}
                    static void run(Runnable r) { r.run(); }
                    static void go(Runnable inner) { run(inner::run); }
                    static void start() { go(() -> end()); }
                }
                """);
        assertEquals(1, program.paths("A.run", "A.end").size());
    }

    @Test
    void receiversOfLibraryCallsMayGoRoundInCircles() throws CallGraphException {
        Program program = program("""
                class A {
                    String twice(int n) {
                        StringBuilder sb = new StringBuilder();
                        for (int i = 0; i < n; i++) { sb = sb.append("a"); sb = sb.append("b"); }
                        return sb.toString();
                    }
                    Object kept(int n) {
                        Map<String, Runnable> m = new HashMap<>();
                        NavigableMap<String, Runnable> t = new TreeMap<>(m);
                        for (int i = 0; i < n; i++) { t = t.headMap("a", true); t = t.tailMap("b", true); }
                        t.put("", () -> end());
                        t.get("").run();
                        return t;
                    }
                    static void end() {}
                }
                """);
        assertEquals(1, program.paths("A.kept", "A.end").size());
    }

    @Test
    @Timeout(value = 2, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void chainsOfChoicesDoNotTakeForEver() throws CallGraphException {
        String choices = "if (c.getAsBoolean()) { q = q.skip(i); }\n".repeat(60);
        Program program = program("""
                class A {
                    Object a(BooleanSupplier c, int i, java.util.stream.Stream<Runnable> q) {
                        %s
                        q.forEach(r -> r.run());
                        return q;
                    }
                    void b() { a(() -> true, 1, java.util.stream.Stream.of(() -> end())); }
                    static void end() {}
                }
                """.formatted(choices));
        assertEquals(1, program.paths("A.a", "A.end").size());
    }
}
