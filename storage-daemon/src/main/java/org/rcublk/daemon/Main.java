// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import java.io.PrintWriter;
import org.rcublk.daemon.bench.BenchCommand;
import org.rcublk.daemon.demo.DemoCommand;
import org.rcublk.daemon.history.HistoryCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of the {@code rcublk} command. Exit status: 0 success, 1 failure, 2 wrong usage. */
@Command(
        name = "rcublk",
        description = "A multiqueue block layer with a lock-free block graph.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs the command and ends the process with its exit status.
     *
     * @param args the command line after {@code rcublk}
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .addSubcommand(new StorageDaemon())
                .addSubcommand(new BenchCommand())
                .addSubcommand(new DemoCommand())
                .addSubcommand(new GraphCommand())
                .addSubcommand(new HistoryCommand())
                .addSubcommand(new CallGraphCommand())
                .setExpandAtFiles(false) // a value may begin with @
                .setParameterExceptionHandler(Main::wrongUsage)
                .setExecutionExceptionHandler(Main::failed);
    }

    /** The root alone does nothing: it wants a subcommand. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing subcommand");
    }

    private static int wrongUsage(ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        err.println(name + ": " + error.getMessage() + " (try '" + name + " --help')");
        err.flush();
        return ExitCode.USAGE;
    }

    /** A failure that no command turned into a message of its own: one line, the trace in the log at level debug. */
    private static int failed(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        LOG.debug("unexpected failure", failure);
        PrintWriter err = command.getErr();
        err.println("rcublk: unexpected failure, please report it: " + failure);
        err.flush();
        return ExitCode.SOFTWARE;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"rcublk " + (version == null ? "development" : version)};
        }
    }
}
