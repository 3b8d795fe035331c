// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a call reaches, kind by kind. */
class ResolutionTest {
    @TempDir
    private Path folder;

    private Program program(String source) throws CallGraphException {
        return Program.of(folder, source);
    }

    @Test
    void directCallHasItsSourceLine() throws CallGraphException {
        Program program = program("""
                class A {
                    static void a() {
                        b();
                    }
                    static void b() {}
                }
                """);
        Edge edge = program.node("A.a").out().iterator().next();
        assertEquals("p.A.b", edge.to().name());
        assertEquals(9, edge.line());
        assertEquals("Seed.java", edge.from().sourceFile());
        assertEquals(List.of("A.a > A.b"), program.paths("A.a", "A.b"));
        assertEquals(List.of(), program.paths("A.b", "A.a"));
    }

    @Test
    void interfaceCallReachesEveryImplementation() throws CallGraphException {
        Program program = program("""
                interface Device { void read(); }
                class File implements Device { public void read() { end(); } static void end() {} }
                class Memory implements Device { public void read() {} }
                abstract class Half implements Device {}
                class A { void a(Device d) { d.read(); } }
                """);
        assertEquals(List.of("File.read", "Memory.read"), program.callees("A.a"));
        assertEquals(List.of("A.a > File.read > File.end"), program.paths("A.a", "File.end"));
        assertEquals(
                "via interface p.Device",
                program.node("A.a").out().iterator().next().note());
    }

    @Test
    void genericBridgeLeadsToTheRealMethod() throws CallGraphException {
        Program program = program("""
                interface Sink<T> { void put(T t); }
                class Words implements Sink<String> { public void put(String s) { end(); } void end() {} }
                class A { static <T> void a(Sink<T> sink, T t) { sink.put(t); } }
                """);
        assertEquals(List.of("A.a > Words.put > Words.put > Words.end"), program.paths("A.a", "Words.end"));
    }

    @Test
    void inheritedAndDefaultMethodsAreFound() throws CallGraphException {
        Program program = program("""
                interface Device { default void flush() { done(); } static void done() {} }
                class Base { void close() { Device.done(); } }
                class File extends Base implements Device {}
                class A {
                    void flush(Device d) { d.flush(); }
                    void close(File f) { f.close(); }
                }
                """);
        assertEquals(List.of("A.flush > Device.flush > Device.done"), program.paths("A.flush", "Device.done"));
        assertEquals(List.of("A.close > Base.close > Device.done"), program.paths("A.close", "Device.done"));
    }

    @Test
    void superCallIsExact() throws CallGraphException {
        Program program = program("""
                class Base { void a() {} }
                class Left extends Base { void a() { super.a(); } }
                class Right extends Left { void a() {} }
                """);
        assertEquals(List.of("Base.a"), program.callees("Left.a"));
    }

    @Test
    void anonymousAndInnerClassesAreClasses() throws CallGraphException {
        Program program = program("""
                interface Job { void go(); }
                class A {
                    void end() {}
                    class Inner { void in() { end(); } }
                    Job job() { return new Job() { public void go() { end(); } }; }
                    static void run(Job j) { j.go(); }
                }
                """);
        assertEquals(List.of("A.run > A$1.go > A.end"), program.paths("A.run", "A.end"));
        assertEquals(List.of("A$Inner.in > A.end"), program.paths("A.Inner.in", "A.end"));
    }

    @Test
    void firstUseRunsTheInitializer() throws CallGraphException {
        Program program = program("""
                class Config { static int size = read(); static int read() { return 1; } static void touch() {} }
                class More extends Config { }
                class A {
                    int field() { return Config.size; }
                    void call() { Config.touch(); }
                    Object create() { return new More(); }
                }
                """);
        for (String method : List.of("A.field", "A.call", "A.create")) {
            assertEquals(List.of(method + " > Config.<clinit> > Config.read"), program.paths(method, "Config.read"));
        }
        assertEquals(List.of(), program.paths("Config.touch", "Config.<clinit>"));
    }

    @Test
    void synchronizedIsTheMonitorWhichBlocks() throws CallGraphException {
        Program program = program("""
                class A {
                    synchronized void method() {}
                    void block() { synchronized (this) { hashCode(); } }
                    void none() {}
                }
                """);
        assertEquals(List.of("A.method > <monitor>"), program.paths("A.method", "blocking"));
        assertEquals(List.of("A.block > <monitor>"), program.paths("A.block", "blocking"));
        assertEquals(List.of(), program.paths("A.none", "blocking"));
    }

    @Test
    void libraryMethodBlocksIfOneThatItOverridesDoes() throws CallGraphException {
        Program program = program("""
                class Pause extends Thread { static void pause() throws Exception { sleep(1); } }
                class A {
                    ReentrantLock lock = new ReentrantLock();
                    void lock() { lock.lock(); }
                    boolean attempt() { return lock.tryLock(); }
                    String name() { return lock.toString(); }
                    Object take(LinkedBlockingDeque<Object> q) throws Exception { return q.take(); }
                }
                """);
        String lock = "java.util.concurrent.locks.ReentrantLock.lock";
        assertEquals(List.of("A.lock > " + lock), program.paths("A.lock\\(\\)", "blocking"));
        assertEquals(List.of("A.lock > " + lock), program.paths("A.lock()", "blocking"));
        assertEquals(List.of(), program.paths("A.(attempt|name)", "blocking"));
        assertEquals(1, program.paths("A.take", "blocking").size());
        assertEquals(List.of("Pause.pause > java.lang.Thread.sleep"), program.paths("Pause.pause", "blocking"));
    }

    @Test
    void recursionEnds() throws CallGraphException {
        Program program = program("""
                class A {
                    void a() { b(); }
                    void b() { a(); b(); c(); }
                    void c() {}
                }
                """);
        assertEquals(List.of("A.a > A.b > A.c"), program.paths("A.a", "A.c"));
        assertEquals(
                List.of("A.b > A.b", "A.b > A.a", "A.b > A.c").size(),
                program.node("A.b").out().size());
    }

    @Test
    void fieldsAreNodes() throws CallGraphException {
        Program program = program("""
                class Base { @ConfinedTo("the IOThread") int depth; }
                class Queue extends Base {
                    @AnyThread int read() { return depth; }
                    @AnyThread void write() { helper(); }
                    void helper() { depth = 1; }
                }
                """);
        assertEquals(List.of("Queue.read > Base.depth"), program.paths("Queue.read", "@ConfinedTo"));
        assertEquals(List.of("Queue.write > Queue.helper > Base.depth"), program.paths("Queue.write", "@ConfinedTo"));
        assertTrue(program.node("Base.depth").in().stream().anyMatch(edge -> edge.kind() == Edge.Kind.WRITE));
    }
}
