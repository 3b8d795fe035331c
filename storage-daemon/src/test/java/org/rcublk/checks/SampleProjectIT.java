// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module of somebody else's takes the checks with ten lines of POM: built right and wrong, with the jars of this build. */
class SampleProjectIT {
    private static final int PATIENCE_MINUTES = 10;

    @TempDir
    private Path folder;

    @Test
    void aModuleOfItsOwnIsChecked() throws Exception {
        boolean tools = onPath("bash") && onPath("mvn");
        if ("true".equals(System.getenv("CI"))) {
            assertTrue(tools, "bash and mvn are wanted");
        }
        assumeTrue(tools, "bash or mvn is missing");
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", Project.file("static-checks/sample-check.sh").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        String repository = System.getProperty("maven.repo.local");
        if (repository != null) { // this build's, and so the one that has what the sample needs
            builder.environment().put("MAVEN_REPO", repository);
        }
        Process check = builder.start();
        boolean ended = check.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        if (!ended) {
            check.destroy();
        }
        assertTrue(ended, () -> "no end within " + PATIENCE_MINUTES + " minutes: " + text(log));
        assertEquals(0, check.exitValue(), () -> text(log));
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
