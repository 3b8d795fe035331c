// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import org.junit.jupiter.api.Test;

/** Sections that end on each path, as values, conditions and jumps show. */
class ReadTokenLeakAcceptsPathsTest extends SectionCheckTest {
    ReadTokenLeakAcceptsPathsTest() {
        super(ReadTokenLeak.class);
    }

    @Test
    void sameConditionTwice() {
        compile("""
                void parameter(boolean a) {
                    long token = 0;
                    if (a) {
                        token = domain.downRead();
                    }
                    count++;
                    if (a) {
                        domain.upRead(token);
                    }
                }

                void opposite(Object o) {
                    long token = o == null ? 0 : domain.downRead();
                    if (o != null) {
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void sameComparisonTwice() {
        compile("""
                static final boolean HOLD = Boolean.getBoolean("hold");
                final boolean last = HOLD;

                record Mark(boolean on) {}

                void compared(int a, int b) {
                    long token = 0;
                    if (a < b) {
                        token = domain.downRead();
                    }
                    if (a >= b) {
                        return;
                    }
                    domain.upRead(token);
                }

                void finals(Mark mark) {
                    long token = HOLD && last && mark.on() ? domain.downRead() : 0;
                    if (HOLD && this.last && mark.on()) {
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void marksOfNone() {
        compile("""
                static final long NONE = -1;

                void none() {
                    long token = NONE;
                    try {
                        work();
                        if (test()) {
                            token = domain.downRead();
                        }
                        work();
                    } finally {
                        if (token != NONE) {
                            domain.upRead(token);
                        }
                    }
                }

                void sign() {
                    long token = test() ? domain.downRead() : -1;
                    if (token >= 0) {
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void flagsAndNull() {
        compile("""
                static final long NONE = -1;

                void flag() {
                    boolean held = false;
                    long token = 0;
                    if (test()) {
                        token = domain.downRead();
                        held = true;
                    }
                    if (held) {
                        domain.upRead(token);
                    }
                }

                void section() {
                    ReadSection section = null;
                    try {
                        if (test()) {
                            section = domain.read();
                        }
                        work();
                    } finally {
                        if (section != null) {
                            section.close();
                        }
                    }
                }

                void derived() {
                    long token = test() ? domain.downRead() : NONE;
                    boolean held = token != NONE;
                    if (held) {
                        domain.upRead(token);
                    }
                }
                """);
    }

    @Test
    void switches() {
        compile("""
                void all(Mode mode) {
                    long token = domain.downRead();
                    switch (mode) {
                        case A -> domain.upRead(token);
                        case B -> domain.upRead(1, token);
                    }
                }

                void sameSelector(Mode mode) {
                    long token = switch (mode) {
                        case A -> domain.downRead();
                        case B -> 0;
                    };
                    switch (mode) {
                        case A -> domain.upRead(token);
                        default -> {}
                    }
                }
                """);
    }

    @Test
    void switchesThatFallThroughOrYield() {
        compile("""
                void fallThrough(int mode) {
                    long token = domain.downRead();
                    switch (mode) {
                        case 1:
                            count++;
                        default:
                            domain.upRead(token);
                    }
                }

                long yielded(Object o) {
                    return switch (o) {
                        case String s when s.isEmpty() -> domain.downRead();
                        case Integer i -> {
                            long token = domain.downRead();
                            yield token;
                        }
                        default -> 0;
                    };
                }
                """);
    }

    @Test
    void loops() {
        compile("""
                void rounds(List<String> names) {
                    for (String name : names) {
                        long token = domain.downRead();
                        try {
                            if (name.isEmpty()) {
                                continue;
                            }
                            if (test()) {
                                break;
                            }
                            work();
                        } finally {
                            domain.upRead(token);
                        }
                    }
                }

                void renewed() {
                    long token = domain.downRead();
                    while (count > 0) {
                        domain.upRead(token);
                        token = domain.downRead();
                    }
                    domain.upRead(token);
                }
                """);
    }

    @Test
    void endlessLoops() {
        compile("""
                void forever() {
                    while (true) {
                        long token = domain.downRead();
                        domain.upRead(token);
                    }
                }

                void heldForever() {
                    long token = domain.downRead();
                    while (true) {
                        count++;
                    }
                }

                void untilDone() {
                    long token;
                    do {
                        token = domain.downRead();
                        count--;
                        domain.upRead(token);
                    } while (count > 0);
                }
                """);
    }
}
