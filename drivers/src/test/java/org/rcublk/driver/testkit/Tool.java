// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a client tool of the distribution. Without it a test is skipped, but fails in CI. */
public final class Tool {
    private Tool() {}

    /** What a run came to. */
    public record Result(int status, String output) {}

    public static void require(String name) {
        boolean there = exists(name);
        if (!there && "true".equals(System.getenv("CI"))) {
            fail(name + " is missing, and CI has to have it");
        }
        assumeTrue(there, name + " is missing: install it, such as by the package qemu-utils");
    }

    private static boolean exists(String name) {
        try {
            return run(name, "--version").status() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    public static Result run(String... command) throws IOException {
        Process process = start(List.of(command));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(end(process), output);
    }

    public static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Waits for the end; the status. */
    public static int end(Process process) {
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running: " + process.info());
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
