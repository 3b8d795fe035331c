// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.BugCheckerRefactoringTestHelper;
import com.google.errorprone.CompilationTestHelper;
import com.google.errorprone.bugpatterns.BugChecker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Test compilations that see the real annotations, and a source's usual imports without naming them. */
final class RuleSources {
    private static final Path ANNOTATIONS = Path.of("../graph-rcu/src/main/java/org/rcublk/annotation");
    private static final String IMPORTS = "import org.rcublk.annotation.*; import java.io.*; import java.util.*;"
            + " import java.util.concurrent.*; import java.util.concurrent.atomic.*; import java.util.concurrent.locks.*;"
            + " import java.util.function.*; import java.lang.invoke.*; import java.lang.ref.Cleaner; import java.nio.*; import java.nio.channels.*; ";

    private final Class<? extends BugChecker> check;
    private final Class<?> test;

    RuleSources(Class<? extends BugChecker> check, Class<?> test) {
        this.check = check;
        this.test = test;
    }

    /** Compiles, and wants a finding below each line with a {@code BUG} comment and no other. */
    void check(String source, String... options) {
        CompilationTestHelper helper = CompilationTestHelper.newInstance(check, test);
        if (options.length > 0) {
            helper.setArgs(options);
        }
        addAnnotations(helper).addSourceLines("Seed.java", IMPORTS + source).doTest();
    }

    void fixes(String before, String after) {
        BugCheckerRefactoringTestHelper.newInstance(check, test)
                .addInputLines("VolatileLoad.java", annotation("VolatileLoad"))
                .expectUnchanged()
                .addInputLines("AnyThread.java", annotation("AnyThread"))
                .expectUnchanged()
                .addInputLines("IoThreadOnly.java", annotation("IoThreadOnly"))
                .expectUnchanged()
                .addInputLines("Seed.java", IMPORTS + before)
                .addOutputLines("Seed.java", IMPORTS + after)
                .doTest();
    }

    private static CompilationTestHelper addAnnotations(CompilationTestHelper helper) {
        try (DirectoryStream<Path> sources = Files.newDirectoryStream(ANNOTATIONS, "[A-Z]*.java")) {
            for (Path source : sources) {
                helper.addSourceLines("org/rcublk/annotation/" + source.getFileName(), Files.readString(source));
            }
            return helper;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String annotation(String name) {
        try {
            return Files.readString(ANNOTATIONS.resolve(name + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
