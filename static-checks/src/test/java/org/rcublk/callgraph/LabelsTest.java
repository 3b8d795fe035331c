// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The labels of methods: own, inherited, of types, of the parameters that lambdas are passed to. */
class LabelsTest {
    @TempDir
    private Path folder;

    private Program program(String source) throws CallGraphException {
        return Program.of(folder, source);
    }

    @Test
    void ruleIsOwnThenInheritedThenOfTheType() throws CallGraphException {
        Program program = program("""
                interface Device { @IoThreadOnly void read(); void none(); }
                @GlobalState class File implements Device {
                    public void read() {}
                    public void none() {}
                    @AnyThread void any() {}
                    class Inner { void in() {} }
                    Runnable lambda() { return () -> none(); }
                }
                """);
        assertEquals(Set.of("@IoThreadOnly"), program.node("File.read").labels());
        assertEquals(Node.RuleOrigin.OVERRIDDEN, program.node("File.read").ruleOrigin());
        assertEquals(Set.of("@GlobalState"), program.node("File.none").labels());
        assertEquals(Node.RuleOrigin.TYPE, program.node("File.none").ruleOrigin());
        assertEquals(Set.of("@AnyThread"), program.node("File.any").labels());
        assertEquals(Set.of("@GlobalState"), program.node("File.Inner.in").labels());
        assertEquals(Set.of(), program.node("File.lambda\\$.*").labels(), "a lambda is not a method of its class");
    }

    @Test
    void genericOverrideInheritsAndTheStricterOfTwoHolds() throws CallGraphException {
        Program program = program("""
                interface Sink<T> { @IoThreadOnly void put(T t); }
                interface Slow { @WaitsForGracePeriod void put(String s); }
                class Words implements Sink<String> { public void put(String s) {} }
                class Both implements Sink<String>, Slow { public void put(String s) {} }
                """);
        assertEquals(Set.of("@IoThreadOnly"), program.node("Words.put(String)").labels());
        assertEquals(
                Set.of("@WaitsForGracePeriod"),
                program.node("Both.put(java.lang.String)").labels());
    }

    @Test
    void lambdaHasTheRuleOfItsParameter() throws CallGraphException {
        Program program = program("""
                interface Loop { void execute(@IoThreadOnly Runnable r); }
                class Real implements Loop { public void execute(Runnable r) {} void direct(Runnable r) { execute(r); } }
                class A {
                    static void wait1() {}
                    void direct(Loop l) { l.execute(() -> wait1()); }
                    void override(Real r) { r.execute(A::wait1); }
                    void wrapped(Real r) { r.direct(() -> wait1()); }
                    void other() { Runnable r = () -> wait1(); r.run(); }
                }
                """);
        assertEquals(3, Selector.of("@IoThreadOnly").in(program.graph).size(), "two lambdas and a method reference");
        assertEquals(1, program.paths("@IoThreadOnly", "A.wait1").size());
        assertEquals(Set.of("@IoThreadOnly"), program.node("A.override::wait1").labels());
        assertEquals(
                Node.RuleOrigin.PARAMETER, program.node("A.override::wait1").ruleOrigin());
        assertEquals(Set.of(), program.node("A.lambda\\$other\\$\\d").labels());
    }

    @Test
    void lambdaHasTheRuleOfItsInterface() throws CallGraphException {
        Program program = program("""
                interface Completion { @IoThreadOnly @RequiresReadSection void done(); }
                class A {
                    Completion c = () -> hashCode();
                    void direct(@GlobalState Completion c) {}
                    void pass() { direct(() -> toString()); }
                }
                """);
        assertEquals(
                Set.of("@IoThreadOnly", "@RequiresReadSection"),
                program.node("A.lambda\\$new.*").labels());
        assertTrue(program.node("A.lambda\\$pass.*").labels().contains("@GlobalState"));
    }

    @Test
    void dutyCycleTellsHowEachMemberIsKnown() throws CallGraphException {
        Program program = program("""
                interface Device { @IoThreadOnly void read(); }
                class File implements Device { public void read() { help(); } void help() { open(); }
                    @GlobalState void open() { deep(); } void deep() {} }
                class Loop { @IoThreadOnly void run(Device d) { d.read(); } }
                """);
        List<DutyCycle.Member> members = DutyCycle.inferred(Set.of(program.node("Loop.run")));
        assertEquals(
                List.of("Loop.run ANNOTATED", "File.read INHERITED", "File.help INFERRED", "File.open ANNOTATED"),
                members.stream()
                        .map(member -> member.method().name().substring("p.".length()) + " " + member.known())
                        .toList());
        assertEquals(List.of(program.node("File.help")), DutyCycle.unannotated(members));
    }

    @Test
    void shortestOffendingPathComesFirst() throws CallGraphException {
        Program program = program("""
                class A {
                    @IoThreadOnly void far() { near(); }
                    void near() { middle(); }
                    void middle() { slow(); }
                    @IoThreadOnly void close() { quick(); }
                    @WaitsForGracePeriod void slow() {}
                    @WaitsForGracePeriod void quick() {}
                }
                """);
        assertEquals(
                List.of("A.close > A.quick", "A.far > A.near > A.middle > A.slow"),
                program.paths("@IoThreadOnly", "@WaitsForGracePeriod"));
        assertEquals(
                2,
                Search.ALL
                        .allPairs(Selector.of("A.(far|near)").in(program.graph), Selector.of("@WaitsForGracePeriod"))
                        .size());
    }

    @Test
    void rulesAreThoseOfThePackageAlone() throws CallGraphException {
        Program program = program("""
                @interface IoThreadOnly {}
                @interface ConfinedTo {}
                @interface Mine {}
                class A {
                    @ConfinedTo int field;
                    @IoThreadOnly void foreign() { field = 1; }
                    @Mine void mine() {}
                    @org.rcublk.annotation.IoThreadOnly void real() {}
                }
                """);
        assertEquals(Set.of(), program.node("A.foreign").labels());
        assertEquals(Set.of(), program.node("A.field").labels());
        assertEquals(Set.of("@Mine"), program.node("A.mine").labels());
        assertEquals(Set.of("@IoThreadOnly"), program.node("A.real").labels());
    }

    @Test
    @Timeout(value = 5, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void longLinesOfOverridingDoNotTakeForEver() throws CallGraphException {
        StringBuilder source = new StringBuilder("class C0 { @AnyThread void m() {} void n() {} }\n");
        for (int i = 1; i <= 40; i++) {
            source.append("class C%d extends C%d { void m() {} void n() {} }\n".formatted(i, i - 1));
        }
        Program program = program(source.toString());
        assertEquals(Set.of("@AnyThread"), program.node("C40.m").labels());
        assertEquals(Set.of(), program.node("C40.n").labels());
    }
}
