// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rcublk.rcu.Steps;

/**
 * Each profile for {@code torture.seconds}. Those that stall threads run in a JVM with step hooks; the others in one
 * without, where the code is as in production.
 */
class TortureTest {
    private static final String SECONDS = System.getProperty("torture.seconds", "1");

    /** The cores may be shared with a whole build. */
    private static final String PATIENCE = System.getProperty("torture.patience", "30");

    static Stream<String> profiles() {
        return Profiles.all().stream()
                .filter(kind -> kind.needsSteps() == Steps.ENABLED)
                .map(Profile.Kind::name);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everyOracleIsContent(String name) {
        Profile.Kind kind = Profiles.named(name);
        Run run = new Run(kind.name(), Options.parse(new String[] {"--seconds", SECONDS, "--patience", PATIENCE}, 0));
        boolean content = run.execute(kind.create().get());
        System.out.println(run.describe());
        assertTrue(content, run::describe);
    }
}
