// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.history;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.rcublk.history.HistoryJson;
import org.rcublk.history.HistoryReader.Found;
import org.rcublk.history.VersionAddress;
import org.rcublk.view.GraphJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code rcublk history show}. */
@Command(
        name = "show",
        description = "Shows a version: what changed, how long it took, and the graph.",
        mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private HistoryCommand parent;

    @Parameters(paramLabel = "VERSION", converter = HistoryCommand.AddressConverter.class)
    @SuppressWarnings("NullAway.Init") // required
    private VersionAddress version;

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    /** For picocli. */
    ShowCommand() {}

    @Override
    public Integer call() {
        return parent.with(spec, (reader, out) -> {
            Found found = reader.find(version);
            if (json) {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("entry", HistoryJson.toMap(found.entry()));
                map.put("graph", GraphJson.toMap(found.graph()));
                out.println(HistoryJson.text(map));
            } else {
                EntryText.lines(found.entry()).forEach(out::println);
                GraphText.lines(found.graph()).forEach(out::println);
            }
        });
    }
}
