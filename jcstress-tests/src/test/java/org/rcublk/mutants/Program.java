// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program of the verification tools and tells by its exit status what it found. */
final class Program {
    private static final int FOUND = 3;

    private Program() {}

    /** What a run told. */
    enum Verdict {
        /** The tool found the fault. */
        KILLED,
        /** The tool found nothing. */
        SURVIVED
    }

    /** The command that runs a main class on this JVM's class path. */
    static List<String> java(List<String> flags, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main);
        command.addAll(arguments);
        return command;
    }

    /**
     * Runs a command to its end.
     *
     * @param patience how long it may take, in seconds
     * @throws IllegalStateException if it neither found something nor ended well: the tool itself is broken
     */
    static Verdict run(List<String> command, Path folder, Path log, long patience) {
        int status = status(command, folder, log, patience);
        if (status != 0 && status != FOUND) {
            throw new IllegalStateException(
                    "exit status " + status + " of " + String.join(" ", command) + "; see " + log);
        }
        return status == FOUND ? Verdict.KILLED : Verdict.SURVIVED;
    }

    static int status(List<String> command, Path folder, Path log, long patience) {
        try {
            Files.createDirectories(log.getParent());
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            try {
                if (!process.waitFor(patience, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(
                            "no end within " + patience + " s: " + String.join(" ", command) + "; see " + log);
                }
                return process.exitValue();
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The lines that a tool prints about itself. */
    static List<String> lines(List<String> command, Path folder, Path log) {
        int status = status(command, folder, log, 60);
        try {
            if (status != 0) {
                throw new IllegalStateException("exit status " + status + ": " + Files.readString(log));
            }
            return Files.readAllLines(log).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("WARNING"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(log.toString(), e);
        }
    }
}
