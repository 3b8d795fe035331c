// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real compiler with the check found as the reactor finds it, and looks at the exit status. */
class CompileFailureTest {
    @TempDir
    private Path folder;

    @Test
    void seededSleepFailsTheCompile() throws Exception {
        Result result = compile("""
                class Seed {
                    void pause() throws InterruptedException {
                        Thread.sleep(1);
                    }
                }
                """);
        assertEquals(1, result.status(), result.output());
        assertTrue(result.output().contains("Seed.java:3: error: [ThreadSleepInMainCode]"), result.output());
        assertTrue(Files.notExists(folder.resolve("Seed.class")), "no class may come out of a failed compile");
    }

    @Test
    void sameSourceWithoutSleepCompiles() throws Exception {
        Result result = compile("""
                class Seed {
                    void pause() throws InterruptedException {
                        Thread.yield();
                    }
                }
                """);
        assertEquals(0, result.status(), result.output());
        assertTrue(Files.exists(folder.resolve("Seed.class")));
    }

    private record Result(int status, String output) {}

    private Result compile(String source) throws IOException, InterruptedException {
        Path seed = Files.writeString(folder.resolve("Seed.java"), source);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-") && flag.contains("jdk.compiler/")) {
                command.add("-J" + flag);
            }
        }
        command.addAll(List.of("-XDcompilePolicy=simple", "--should-stop=ifError=FLOW"));
        command.addAll(List.of("-processorpath", testClassPath(), "-Xplugin:ErrorProne"));
        command.addAll(List.of("-d", folder.toString(), seed.toString()));
        Path log = folder.resolve("javac.log");
        Process javac = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int status = javac.waitFor();
        return new Result(status, Files.readString(log));
    }

    /** Surefire may start the JVM with a jar that only names the class path, and then keeps the real one here. */
    private static String testClassPath() {
        String real = System.getProperty("surefire.test.class.path");
        String path = real != null ? real : System.getProperty("java.class.path");
        assertTrue(path.contains(File.pathSeparator), path);
        return path;
    }
}
