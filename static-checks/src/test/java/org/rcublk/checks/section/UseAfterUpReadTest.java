// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import org.junit.jupiter.api.Test;

class UseAfterUpReadTest extends SectionCheckTest {
    UseAfterUpReadTest() {
        super(UseAfterUpRead.class);
    }

    @Test
    void endedTwice() {
        compile("""
                void twice() {
                    long token = domain.downRead();
                    domain.upRead(token);
                    // BUG begun in line 35 is ended twice
                    domain.upRead(token);
                }

                void onOnePath(boolean a) {
                    long token = domain.downRead(1);
                    if (a) {
                        domain.upRead(1, token);
                    }
                    // BUG is ended twice
                    domain.upRead(1, token);
                }

                void copy() {
                    long token = domain.downRead();
                    long same = token;
                    domain.upRead(token);
                    // BUG is ended twice
                    domain.upRead(same);
                }
                """);
    }

    @Test
    void tokenOfAnother() {
        compile("""
                void parameter(long token) {
                    domain.upRead(token);
                    // BUG the read section of token is ended twice
                    domain.upRead(token);
                }

                void loaded() {
                    long token = kept;
                    domain.upRead(token);
                    // BUG is forked after it has ended
                    keep(domain.forkRead(token));
                }

                LongConsumer lambda = token -> {
                    domain.upRead(token);
                    // BUG is handed off after it has ended
                    domain.handOff(token);
                };
                """);
    }

    @Test
    void finallyEndsItAgain() {
        compile("""
                void again() {
                    long token = domain.downRead();
                    try {
                        work();
                        domain.upRead(token);
                    } finally {
                        // BUG is ended twice
                        domain.upRead(token);
                    }
                }

                void inCatch() {
                    long token = domain.downRead();
                    try {
                        domain.upRead(token);
                        work();
                    } catch (RuntimeException e) {
                        // BUG is ended twice
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void loopEndsItAgain() {
        compile("""
                void rounds() {
                    long token = domain.downRead();
                    while (count-- > 0) {
                        // BUG is ended twice
                        domain.upRead(token);
                    }
                }

                void labelled(List<String> names) {
                    outer:
                    for (String name : names) {
                        long token = domain.downRead();
                        for (int i = 0; i < count; i++) {
                            domain.upRead(token);
                            if (i == 2) {
                                continue outer;
                            }
                            break;
                        }
                        // BUG is ended twice
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void switches() {
        compile("""
                void fallThrough(int mode) {
                    long token = domain.downRead();
                    switch (mode) {
                        case 1:
                            domain.upRead(token);
                        default:
                            // BUG is ended twice
                            domain.upRead(token);
                    }
                }

                int expression(Mode mode) {
                    long token = domain.downRead();
                    int n = switch (mode) {
                        case A -> {
                            domain.upRead(token);
                            yield 1;
                        }
                        case B -> 2;
                    };
                    // BUG is ended twice
                    domain.upRead(token);
                    return n;
                }
                """);
    }

    @Test
    void givenAwayAfterEnd() {
        compile("""
                void stored() {
                    long token = domain.downRead();
                    domain.upRead(token);
                    // BUG is stored after it has ended
                    kept = token;
                }

                void passed() {
                    long token = domain.downRead();
                    domain.upRead(token);
                    // BUG is passed on after it has ended
                    keep(token);
                }

                long returned() {
                    long token = domain.downRead();
                    domain.upRead(token);
                    // BUG is returned after it has ended
                    return token;
                }

                Runnable captured() {
                    long token = domain.downRead();
                    domain.upRead(token);
                    // BUG is captured by a lambda after it has ended
                    return () -> domain.upRead(token);
                }
                """);
    }

    @Test
    void closedSections() {
        compile("""
                void forked() {
                    ReadSection section = domain.read();
                    section.close();
                    // BUG is forked after it has ended
                    keep(section.fork());
                }

                void closed(ReadSection section) {
                    section.close();
                    // BUG is ended twice
                    section.close();
                }

                void closedByTry() {
                    ReadSection section = domain.read();
                    try (section) {
                        work();
                    }
                    // BUG is ended twice
                    section.close();
                }
                """);
    }

    @Test
    void resourcesOfEndedSections() {
        compile("""
                int version(String id) {
                    long token = domain.downRead();
                    Version<Plan> version = live.current();
                    domain.upRead(token);
                    // BUG use() uses what was loaded under it
                    return version.route(id).plan().use();
                }

                int plan(String id) {
                    Plan plan;
                    try (ReadSection section = domain.read()) {
                        Route<Plan> route = live.current().route(id);
                        plan = route.plan();
                    }
                    // BUG use() uses what was loaded under it
                    return plan.use();
                }

                Plan chain(Plan first) {
                    long token = domain.downRead();
                    Plan second = first.next();
                    domain.upRead(token);
                    // BUG next() uses
                    return second.next();
                }
                """);
    }

    @Test
    void laterSectionDoesNotProtect() {
        compile("""
                void later() {
                    long token = domain.downRead();
                    Plan plan = live.current().route("a").plan();
                    domain.upRead(token);
                    long second = domain.downRead();
                    // BUG has ended
                    plan.use();
                    domain.upRead(second);
                }

                void rounds() {
                    Plan last = null;
                    while (count-- > 0) {
                        long token = domain.downRead();
                        if (last != null) {
                            // BUG has ended
                            last.use();
                        }
                        last = live.current().route("a").plan();
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void argumentsAndElements() {
        compile("""
                @RequiresReadSection
                void submit(Plan plan) {}

                void argument() {
                    long token = domain.downRead();
                    Plan plan = live.current().route("a").plan();
                    domain.upRead(token);
                    // BUG submit() uses
                    submit(plan);
                }

                void pattern() {
                    long token = domain.downRead();
                    Object found = live.current().route("a").plan();
                    domain.upRead(token);
                    if (found instanceof Plan plan) {
                        // BUG use() uses
                        plan.use();
                    }
                }
                """);
    }

    @Test
    void acceptsOneEndOnEachBranch() {
        compile("""
                void branches(boolean a) {
                    long token = domain.downRead();
                    if (a) {
                        domain.upRead(token);
                    } else {
                        domain.upRead(1, token);
                    }
                }

                void correlated(boolean a) {
                    long token = domain.downRead();
                    if (a) {
                        domain.upRead(token);
                    }
                    work();
                    if (!a) {
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void acceptsOneEndOnEachWayOut() {
        compile("""
                void returned(boolean a) {
                    long token = domain.downRead();
                    if (a) {
                        domain.upRead(token);
                        return;
                    }
                    domain.upRead(token);
                }

                void rethrown() {
                    long token = domain.downRead();
                    try {
                        work();
                        domain.upRead(token);
                    } catch (RuntimeException e) {
                        domain.upRead(token);
                        throw e;
                    }
                }
                """);
    }

    @Test
    void acceptsRenewedTokens() {
        compile("""
                void renewed() {
                    long token = domain.downRead();
                    for (int i = 0; i < count; i++) {
                        domain.upRead(token);
                        token = domain.downRead();
                    }
                    domain.upRead(token);
                }

                void each(List<Long> tokens) {
                    for (long token : tokens) {
                        domain.upRead(token);
                    }
                }

                void reset() {
                    long token = domain.downRead();
                    domain.upRead(token);
                    token = kept;
                    domain.upRead(token);
                }

                void queue(Queue<Long> tokens) {
                    while (true) {
                        Long token = tokens.poll();
                        if (token == null) {
                            return;
                        }
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void acceptsLooksAtTheNumber() {
        compile("""
                String looked() {
                    long token = domain.downRead();
                    domain.upRead(token);
                    System.out.println(token);
                    return "ended " + token + Long.toHexString(token) + String.format("%d", token);
                }
                """);
    }

    @Test
    void acceptsPureLooksAfterTheEnd() {
        compile("""
                long number() {
                    long token = domain.downRead();
                    Version<Plan> version = live.current();
                    Plan plan = version.route("a").plan();
                    domain.upRead(token);
                    return version.number() + plan.name().length();
                }
                """);
    }

    @Test
    void acceptsWhatAForkContinues() {
        compile("""
                void forked() {
                    long token = domain.downRead();
                    Plan plan = live.current().route("a").plan();
                    long child = domain.forkRead(token);
                    domain.upRead(token);
                    plan.use();
                    domain.upRead(child);
                }

                void ofSection() {
                    Plan plan;
                    long child;
                    try (ReadSection section = domain.read()) {
                        plan = live.current().route("a").plan();
                        child = section.fork();
                    }
                    plan.use();
                    domain.upRead(child);
                }
                """);
    }

    @Test
    void acceptsWhatTheCallerOrAnOuterSectionHolds() {
        compile("""
                @RequiresReadSection
                void caller() {
                    long token = domain.downRead();
                    Plan plan = live.current().route("a").plan();
                    domain.upRead(token);
                    plan.use();
                }

                void outer() {
                    try (ReadSection section = domain.read()) {
                        long token = domain.downRead();
                        Plan plan = live.current().route("a").plan();
                        domain.upRead(token);
                        plan.use();
                    }
                }

                void reloaded() {
                    Plan plan = null;
                    for (int i = 0; i < 2; i++) {
                        try (ReadSection section = domain.read()) {
                            plan = live.current().route("a").plan();
                            plan.use();
                        }
                    }
                }
                """);
    }

    @Test
    void acceptsSuppression() {
        compile("""
                @SuppressWarnings("UseAfterUpRead")
                void twice(long token) {
                    domain.upRead(token);
                    domain.upRead(token);
                }

                int variable(long token) {
                    Plan plan;
                    try (ReadSection section = domain.read()) {
                        plan = live.current().route("a").plan();
                    }
                    @SuppressWarnings("UseAfterUpRead")
                    int used = plan.use();
                    return used;
                }
                """);
    }

    @Test
    void acceptsBenchmarksThatReturnTheNumber() {
        compile("""
                @org.openjdk.jmh.annotations.Benchmark
                public long section() {
                    long token = domain.downRead();
                    domain.upRead(token);
                    return token;
                }
                """);
    }
}
