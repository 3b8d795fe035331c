// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of anonymous classes: of the parameters that they are passed to, as a lambda's. */
class AnonymousClassesTest {
    private static final String EXECUTORS = """
            interface Job { void go(); }
            class Loop {
                static void io(@IoThreadOnly Runnable r) {}
                static void job(@IoThreadOnly @RequiresReadSection Job j) {}
                static void plain(Runnable r) {}
                static void wrapper(Runnable r) { io(r); }
            }
            """;

    @TempDir
    private Path folder;

    private Program program(String source) throws CallGraphException {
        return Program.of(folder, EXECUTORS + source);
    }

    @Test
    void passedToAParameterWithARuleItHasThat() throws CallGraphException {
        Program program = program("""
                @GlobalState class A {
                    Lock lock;
                    void direct() { Loop.io(new Runnable() { public void run() { help(); } void help() { lock.lock(); } }); }
                    void wrapped() { Loop.wrapper(new Runnable() { public void run() {} }); }
                    void own() { Loop.job(new Job() { public void go() {} }); }
                }
                """);
        for (String run : new String[] {"A.1.run", "A.1.help", "A.2.run"}) {
            assertEquals(Set.of("@IoThreadOnly"), program.node(run).labels(), run);
            assertEquals(Node.RuleOrigin.PARAMETER, program.node(run).ruleOrigin(), run);
        }
        assertEquals(
                Set.of("@IoThreadOnly", "@RequiresReadSection"),
                program.node("A.3.go").labels());
        assertEquals(1, program.paths("@IoThreadOnly", "blocking").size());
        assertEquals(Set.of(), program.node("A.1.<init>").labels(), "made as part of the method that makes it");
    }

    @Test
    void passedToAnotherItHasNone() throws CallGraphException {
        Program program = program("""
                @IoThreadOnly class A {
                    void plain() { Loop.plain(new Runnable() { public void run() {} }); }
                    void variable() { Runnable r = new Runnable() { public void run() {} }; Loop.plain(r); }
                    void thread() { new Thread(new Runnable() { public void run() {} }).start(); }
                }
                """);
        for (String run : new String[] {"A.1.run", "A.2.run", "A.3.run"}) {
            assertEquals(Set.of(), program.node(run).labels(), run);
        }
    }

    @Test
    void ofItsOwnOrInheritedItKeepsThem() throws CallGraphException {
        Program program = program("""
                interface Ruled extends Runnable { @GlobalState void run(); }
                class A {
                    void own() { Loop.io(new Runnable() { @AnyThread public void run() {} }); }
                    void inherited() { Loop.io(new Ruled() { public void run() {} }); }
                }
                """);
        assertEquals(Set.of("@AnyThread"), program.node("A.1.run").labels());
        assertEquals(Set.of("@GlobalState"), program.node("A.2.run").labels());
    }

    @Test
    void passedToNobodyItHasThatOfTheClassAroundIt() throws CallGraphException {
        Program program = program("""
                @GlobalState class A {
                    Runnable returned() { return new Runnable() { public void run() {} }; }
                    Runnable kept = new Runnable() { public void run() {} };
                    void later() { Loop.io(kept); }
                }
                class Named implements Runnable { public void run() {} void go() { Loop.io(new Named()); } }
                """);
        assertEquals(Set.of("@GlobalState"), program.node("A.1.run").labels());
        assertEquals(Set.of("@IoThreadOnly"), program.node("A.2.run").labels(), "by way of the field");
        assertEquals(Set.of(), program.node("Named.run").labels(), "a class with a name says it itself");
    }
}
