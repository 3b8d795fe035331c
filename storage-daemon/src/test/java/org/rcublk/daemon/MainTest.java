// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    private final StringWriter err = new StringWriter();
    private final CommandLine command = Main.commandLine().setErr(new PrintWriter(err));

    @ParameterizedTest
    @ValueSource(strings = {"no-such-command", "--no-such-option", ""})
    void wrongUsageIsOneLineAndStatusTwo(String argument) {
        int status = argument.isEmpty() ? command.execute() : command.execute(argument);
        assertEquals(2, status);
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void helpAndVersionSucceed() {
        command.setOut(new PrintWriter(new StringWriter()));
        assertEquals(0, command.execute("--help"));
        assertEquals(0, command.execute("--version"));
    }
}
