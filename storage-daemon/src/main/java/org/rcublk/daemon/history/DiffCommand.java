// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.history;

import java.util.List;
import java.util.concurrent.Callable;
import org.rcublk.history.GraphDiff;
import org.rcublk.history.HistoryJson;
import org.rcublk.history.HistoryReader.Found;
import org.rcublk.history.VersionAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code rcublk history diff}. */
@Command(
        name = "diff",
        description = "Shows what differs between two versions: '+' was added, '-' was removed.",
        mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private HistoryCommand parent;

    @Parameters(index = "0", paramLabel = "FROM", converter = HistoryCommand.AddressConverter.class)
    @SuppressWarnings("NullAway.Init") // required
    private VersionAddress from;

    @Parameters(index = "1", paramLabel = "TO", converter = HistoryCommand.AddressConverter.class)
    @SuppressWarnings("NullAway.Init") // required
    private VersionAddress to;

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    /** For picocli. */
    DiffCommand() {}

    @Override
    public Integer call() {
        return parent.with(spec, (reader, out) -> {
            Found before = reader.find(from);
            Found after = reader.find(to);
            GraphDiff diff = GraphDiff.between(before.graph(), after.graph());
            if (json) {
                out.println(HistoryJson.text(
                        DiffText.map(before.entry().address(), after.entry().address(), diff)));
                return;
            }
            out.println("--- version " + EntryText.title(before.entry()));
            out.println("+++ version " + EntryText.title(after.entry()));
            List<String> lines = DiffText.lines(diff);
            lines.forEach(out::println);
            if (lines.isEmpty()) {
                out.println("no difference");
            }
        });
    }
}
