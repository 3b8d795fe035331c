// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import org.junit.jupiter.api.Test;

class ReadTokenLeakFixesTest extends SectionCheckTest {
    ReadTokenLeakFixesTest() {
        super(ReadTokenLeak.class);
    }

    @Test
    void ignoredSectionBecomesAResource() {
        fix("""
                void ignored() {
                    domain.read();
                    work();
                    count++;
                }
                """, """
                void ignored() {
                    try (var _ = domain.read()) {
                        work();
                        count++;
                    }
                }
                """);
    }

    @Test
    void unclosedSectionBecomesAResource() {
        fix("""
                long unclosed() {
                    ReadSection section = domain.read();
                    work();
                    return section.fork();
                }
                """, """
                long unclosed() {
                    try (ReadSection section = domain.read()) {
                        work();
                        return section.fork();
                    }
                }
                """);
    }

    @Test
    void endMovesIntoFinally() {
        fix("""
                int throwing() {
                    long token = domain.downRead();
                    int before = count;
                    work();
                    domain.upRead(token);
                    return count;
                }
                """, """
                int throwing() {
                    long token = domain.downRead();
                    try {
                        int before = count;
                        work();
                    } finally {
                        domain.upRead(token);
                    }
                    return count;
                }
                """);
    }

    @Test
    void noFixWhereAVariableIsUsedAfterTheEnd() {
        String unchanged = """
                int used() {
                    long token = domain.downRead();
                    int before = count;
                    work();
                    domain.upRead(token);
                    return before;
                }
                """;
        fix(unchanged, unchanged);
    }
}
