// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.history;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.rcublk.history.HistoryException;
import org.rcublk.history.HistoryReader;
import org.rcublk.history.VersionAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code rcublk history}. Exit status: 0, 1 if something could not be read, 2 wrong usage. */
@Command(
        name = "history",
        description = {
            "Shows what versions the block graph of a storage daemon had, also while it runs.",
            "VERSION is a number, or RUN:NUMBER with the run of the daemon, or 'last'; without a run it is of the last run.",
        },
        mixinStandardHelpOptions = true,
        subcommands = {ListCommand.class, ShowCommand.class, DiffCommand.class, DrawCommand.class})
public final class HistoryCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            required = true,
            description = "the directory that storage-daemon was given with --state")
    @SuppressWarnings("NullAway.Init") // required
    private Path state;

    /** The command; picocli fills it in. */
    public HistoryCommand() {}

    /** The command alone does nothing: it wants a subcommand. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing subcommand: list, show, diff or draw");
    }

    /** What a subcommand does with the history. */
    @FunctionalInterface
    interface Action {
        void run(HistoryReader reader, PrintWriter out) throws HistoryException;
    }

    /** Runs a subcommand; errors, and each damage that was met, are a line. */
    int with(CommandSpec subcommand, Action action) {
        PrintWriter out = subcommand.commandLine().getOut();
        PrintWriter err = subcommand.commandLine().getErr();
        int status = ExitCode.OK;
        try {
            HistoryReader reader = new HistoryReader(state);
            try {
                action.run(reader, out);
            } finally {
                out.flush();
                for (String line : reader.damage()) {
                    err.println("rcublk history: " + line);
                    status = ExitCode.SOFTWARE;
                }
            }
        } catch (HistoryException e) {
            err.println("rcublk history: " + e.getMessage());
            status = ExitCode.SOFTWARE;
        }
        err.flush();
        return status;
    }

    /** Versions on the command line. */
    static final class AddressConverter implements ITypeConverter<VersionAddress> {
        @Override
        public VersionAddress convert(String text) {
            VersionAddress address = VersionAddress.parse(text);
            if (address == null) {
                throw new TypeConversionException(
                        "'" + text + "' is no version: use a number such as 17, 3:17 for the one of run 3, or last");
            }
            return address;
        }
    }
}
