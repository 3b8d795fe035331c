// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Stack;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rcublk.daemon.bench.ByteCount;
import org.rcublk.daemon.options.ArgumentException;
import org.rcublk.daemon.options.DaemonOptions;
import org.rcublk.history.HistoryLimits;
import org.rcublk.io.StorageWorkers;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rcublk storage-daemon}: the command line of qemu-storage-daemon, parsed; {@link DaemonRun} does the rest. */
@Command(
        name = "storage-daemon",
        description = {
            "Serves disk images over NBD, with a block graph that changes while it serves.",
            "The options are those of qemu-storage-daemon: key=value pairs separated by commas (a comma in a value is"
                    + " written ,,), or JSON. They are carried out in the order in which they are given.",
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false)
@SuppressWarnings("UnusedVariable") // values of options go to their consumer; the fields only carry its annotation
final class StorageDaemon implements Callable<Integer> {
    private final DaemonOptions options = new DaemonOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    private static final long DEFAULT_STATE_LIMIT = 64L << 20;

    @Option(
            names = "--object",
            paramLabel = "iothread,id=ID[,poll-max-ns=N]",
            description = "start an IOThread",
            parameterConsumer = InOrder.class)
    private @Nullable String object;

    @Option(
            names = "--blockdev",
            paramLabel = "[driver=]DRIVER,node-name=NAME,...",
            description = "add a node with its children",
            parameterConsumer = InOrder.class)
    private @Nullable String blockdev;

    @Option(
            names = "--nbd-server",
            paramLabel =
                    "addr.type=unix,addr.path=PATH|addr.type=inet,addr.host=HOST,addr.port=PORT[,max-connections=N]",
            description = "listen for NBD clients; port 0 is any free one",
            parameterConsumer = InOrder.class)
    private @Nullable String nbdServer;

    @Option(
            names = "--export",
            paramLabel = "[type=]nbd,id=ID,node-name=NODE[,name=NAME][,writable=on|off][,description=TEXT]"
                    + "[,iothread=ID|,iothread.0=ID,iothread.1=ID...]",
            description = "export a node; connections are dealt out over the IOThreads",
            parameterConsumer = InOrder.class)
    private @Nullable String export;

    @Option(
            names = "--chardev",
            paramLabel = "socket,id=ID,path=PATH,server=on,wait=off",
            description = "a Unix socket for a monitor",
            parameterConsumer = InOrder.class)
    private @Nullable String chardev;

    @Option(
            names = "--monitor",
            paramLabel = "[chardev=]ID[,mode=control]",
            description = "take JSON commands (QMP) there",
            parameterConsumer = InOrder.class)
    private @Nullable String monitor;

    @Option(names = "--pidfile", paramLabel = "PATH", description = "write the process id there once all is in service")
    private @Nullable Path pidFile;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "keep a history of the graph's versions there, for 'rcublk history'; made if it is not there")
    private @Nullable Path state;

    @Option(
            names = "--state-limit",
            paramLabel = "BYTES",
            converter = ByteCount.class,
            description = "how much disk the history may take; the oldest is deleted first (default: 64M, at least 1M)")
    private @Nullable Long stateLimit;

    @Option(
            names = "--shutdown-timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "how long to wait for requests at the end (default: 10)")
    private int shutdownTimeout;

    @Option(
            names = "--storage-workers",
            paramLabel = "N",
            description = "threads for blocking storage I/O (default: twice the processors, at least 4)")
    private int storageWorkers = StorageWorkers.defaultCount();

    @Option(names = "--daemonize", description = "not supported: use the shell, a service manager or setsid")
    private boolean daemonize;

    /** For picocli. */
    StorageDaemon() {}

    @Override
    public Integer call() {
        if (daemonize) {
            throw wrong("--daemonize is not supported, a Java process cannot fork: start it in the background with"
                    + " 'setsid ... &' or a service manager, and use --pidfile");
        }
        if (shutdownTimeout < 0) {
            throw wrong("--shutdown-timeout is " + shutdownTimeout + ": use 0 seconds or more");
        }
        if (storageWorkers < 1 || storageWorkers > 1024) {
            throw wrong("--storage-workers is " + storageWorkers + ": use 1 to 1024");
        }
        if (stateLimit != null && stateLimit < HistoryLimits.LEAST_TOTAL) {
            throw wrong("--state-limit is " + stateLimit + ": use at least 1M");
        }
        if (stateLimit != null && state == null) {
            throw wrong("--state-limit without --state: say where the history is to go, or leave both out");
        }
        if (state != null && state.toString().isEmpty()) {
            throw wrong("--state is empty: name a directory, or leave it out");
        }
        long limit = stateLimit == null ? DEFAULT_STATE_LIMIT : stateLimit;
        HistoryOption history = state == null ? null : new HistoryOption(state, HistoryLimits.ofTotal(limit));
        return new DaemonRun(options.inOrder(), storageWorkers, pidFile, history, Duration.ofSeconds(shutdownTimeout))
                .run();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Hands an option on when it is met: which one was before which is lost in fields. */
    static final class InOrder implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> arguments, ArgSpec argument, CommandSpec command) {
            String name = ((OptionSpec) argument).longestName();
            if (arguments.isEmpty()) {
                throw new ParameterException(command.commandLine(), name + ": the value is missing");
            }
            try {
                ((StorageDaemon) command.userObject()).options.add(name, arguments.pop());
            } catch (ArgumentException e) {
                throw new ParameterException(command.commandLine(), e.getMessage(), e);
            }
        }
    }
}
