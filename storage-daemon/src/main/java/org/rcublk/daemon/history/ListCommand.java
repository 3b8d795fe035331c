// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.history;

import java.util.List;
import java.util.concurrent.Callable;
import org.rcublk.history.HistoryEntry;
import org.rcublk.history.HistoryJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code rcublk history list}. */
@Command(name = "list", description = "Lists all versions, the oldest first.", mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private HistoryCommand parent;

    @Option(names = "--json", description = "print a JSON array")
    private boolean json;

    @Option(names = "--last", paramLabel = "N", description = "only the N youngest (default: all)")
    private int last = Integer.MAX_VALUE;

    /** For picocli. */
    ListCommand() {}

    @Override
    public Integer call() {
        if (last < 1) {
            throw new ParameterException(spec.commandLine(), "--last is " + last + ": use 1 or more");
        }
        return parent.with(spec, (reader, out) -> {
            List<HistoryEntry> entries = reader.list(last);
            if (json) {
                out.println(HistoryJson.text(
                        entries.stream().map(HistoryJson::toMap).toList()));
            } else {
                out.println(EntryText.HEADING);
                entries.forEach(entry -> out.println(EntryText.line(entry)));
            }
        });
    }
}
