// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** One expression with more ways through it than can be followed one by one. */
class ManyPathsTest extends SectionCheckTest {
    /** Long enough for a machine that is busy, and far below what 2<sup>40</sup> ways take. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int CHOICES = 40;

    ManyPathsTest() {
        super(ReadTokenLeak.class);
    }

    @Test
    void argumentsOfOneCall() {
        accepts("many(" + choices(", ", i -> "f[" + i + "] ? " + i + " : -1") + ");");
    }

    @Test
    void receiversOfOneChain() {
        accepts("new StringBuilder()"
                + IntStream.range(0, CHOICES)
                        .mapToObj(i -> ".append(f[" + i + "] ? " + i + " : -1)")
                        .collect(joining()) + ";");
    }

    @Test
    void conditionsThatAreAskedAgain() {
        accepts("many("
                + IntStream.range(0, 2 * CHOICES)
                        .mapToObj(i -> "f" + i % CHOICES + " ? " + i + " : -1")
                        .collect(joining(", "))
                + ");");
    }

    @Test
    void sumsAndConjunctions() {
        accepts("int sum = " + choices(" + ", i -> "(f" + i + " ? " + i + " : -1)") + ";" + " boolean all = "
                + choices(" && ", i -> "(f" + i + " ? g : h)") + ";");
    }

    @Test
    void callsWithinCalls() {
        String call = "0";
        for (int i = 0; i < CHOICES; i++) {
            call = "many(f" + i + " ? 1 : -1, f" + i + " ? 2 : -2, " + call + ")";
        }
        accepts(call + ";");
    }

    @Test
    void conditionsWithinConditions() {
        String condition = "g";
        for (int i = 0; i < CHOICES; i++) {
            condition = "((f" + i + " ? g : h) && (f" + i + " ? h : g) && " + condition + ")";
        }
        accepts("if (" + condition + ") { many(); }");
    }

    @Test
    void helpersThatCallHelpersTwice() {
        String helpers = IntStream.range(0, CHOICES)
                .mapToObj(i -> "private void h%d() { h%d(); h%d(); }".formatted(i + 1, i, i))
                .collect(joining("\n"));
        within("""
                private void h0() {}
                %s
                void use() {
                    long token = domain.downRead();
                    h%d();
                    domain.upRead(token);
                }
                """.formatted(helpers, CHOICES));
    }

    @Test
    void aLeakIsStillFound() {
        within("""
                static int many(int... values) { return 0; }
                void leaks(boolean[] f) {
                    // BUG the token of downRead() is still open
                    long token = domain.downRead();
                    many(%s);
                    if (f[0]) { domain.upRead(token); }
                }
                """.formatted(choices(", ", i -> "f[" + i + "] ? " + i + " : -1")));
    }

    private static String choices(String between, IntFunction<String> choice) {
        return IntStream.range(0, CHOICES).mapToObj(choice).collect(joining(between));
    }

    private void accepts(String statement) {
        within("""
                static int many(int... values) { return 0; }
                void use(boolean[] f, boolean g, boolean h, %s) {
                    long token = domain.downRead();
                    try {
                        %s
                    } finally {
                        domain.upRead(token);
                    }
                }
                """.formatted(choices(", ", i -> "boolean f" + i), statement));
    }

    private void within(String members) {
        Assertions.assertTimeoutPreemptively(LIMIT, () -> compile(members));
    }
}
