// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of other modules come from class files, where they stand as annotations that no program sees at run time. */
class ClassFileRulesTest {
    private static final Path ANNOTATIONS = Path.of("../graph-rcu/src/main/java/org/rcublk/annotation");

    private static final String LIB = """
            package lib;
            import org.rcublk.annotation.*;
            @GlobalState
            public class Lib {
                @IoThreadOnly public interface Poll { int poll(); }
                public interface Loop { void execute(int first, @IoThreadOnly Runnable task); }
                public static class Base implements Loop { public void execute(int first, Runnable task) {} }
                @ConfinedTo("the loop") public int depth;
                public static void control() {}
                @WaitsForGracePeriod public static void waits() {}
            }
            """;

    @TempDir
    private Path classes;

    @TempDir
    private Path sources;

    @Test
    void methodsClassesAndParameters() throws IOException {
        compile(LIB);
        String seed = """
                import lib.Lib;
                class Seed {
                    @IoThreadOnly void io() {
                        %s Lib, which is @GlobalState (as Lib)
                        new Lib();
                        %s Lib.control, which is @GlobalState (as Lib)
                        Lib.control();
                    }
                    void lambdas(Lib.Base base) {
                        %s this lambda is @IoThreadOnly (as parameter task of Loop.execute)
                        base.execute(1, () -> Lib.waits());
                        %s this lambda is @IoThreadOnly (as Poll)
                        Lib.Poll poll = () -> { Lib.waits(); return 1; };
                    }
                }
                """.replace("%s", "// BUG: Diagnostic contains:");
        new RuleSources(WrongThreadCall.class, getClass()).check(seed, "-cp", classes.toString());
    }

    @Test
    void fields() throws IOException {
        compile(LIB);
        new RuleSources(ConfinedFieldAccess.class, getClass()).check("""
                class Seed {
                    @AnyThread int any(lib.Lib lib) {
                        // BUG: Diagnostic contains: Lib.depth is confined to the loop
                        return lib.depth;
                    }
                }
                """, "-cp", classes.toString());
    }

    private void compile(String library) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-proc:none", "-parameters"));
        try (DirectoryStream<Path> annotations = Files.newDirectoryStream(ANNOTATIONS, "[A-Z]*.java")) {
            annotations.forEach(annotation -> arguments.add(annotation.toString()));
        }
        arguments.add(Files.writeString(sources.resolve("Lib.java"), library).toString());
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertEquals(0, status);
    }
}
