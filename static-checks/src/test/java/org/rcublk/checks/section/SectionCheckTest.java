// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.BugCheckerRefactoringTestHelper;
import com.google.errorprone.CompilationTestHelper;
import com.google.errorprone.bugpatterns.BugChecker;
import java.util.ArrayList;
import java.util.List;
import org.rcublk.checks.Stubs;

/** Compiles members of a class that has a domain, a published graph, and a plan that requires a section. */
abstract class SectionCheckTest {
    private static final String HEAD = """
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.concurrent.atomic.*;
            import java.util.function.*;
            import org.rcublk.annotation.*;
            import org.rcublk.graph.*;
            import org.rcublk.rcu.*;

            class Case {
                interface Plan {
                    @RequiresReadSection
                    int use();

                    @RequiresReadSection
                    Plan next();

                    String name();
                }

                enum Mode { A, B }

                final ReadDomain domain = new ReadDomain("d");
                LiveGraph<Plan> live;
                long kept;
                int count;

                void work() {}

                void keep(long token) {}

                boolean test() {
                    return true;
                }
            """;

    private final Class<? extends BugChecker> check;

    SectionCheckTest(Class<? extends BugChecker> check) {
        this.check = check;
    }

    /** Expects what the {@code // BUG} lines say, and nothing else. */
    void compile(String members) {
        compile(members, List.of());
    }

    void compile(String members, List<String> options) {
        List<String> arguments = new ArrayList<>(Stubs.classPath());
        arguments.addAll(options);
        CompilationTestHelper.newInstance(check, getClass())
                .setArgs(arguments)
                .addSourceLines("Case.java", HEAD + members.replace("// BUG", "// BUG: Diagnostic contains:") + "}")
                .doTest();
    }

    /** Expects the members to become others by the suggested fixes. */
    void fix(String before, String after) {
        BugCheckerRefactoringTestHelper.newInstance(check, getClass())
                .setArgs(Stubs.classPath().toArray(String[]::new))
                .addInputLines("Case.java", HEAD + before + "}")
                .addOutputLines("Case.java", HEAD + after + "}")
                .doTest();
    }
}
