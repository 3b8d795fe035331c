// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rcublk.daemon.options.Arguments;

/** The commands that are about the protocol and the daemon itself, and the table of all. Immutable. */
final class ProtocolCommands {
    /** The command that ends the daemon; its connection carries that out once the answer is sent. */
    static final String QUIT = "quit";

    private ProtocolCommands() {}

    /** The given commands and those of the protocol. */
    static Map<String, Command> with(Map<String, Command> commands) {
        TreeMap<String, Command> all = new TreeMap<>(commands);
        all.put(QUIT, arguments -> nothing(arguments));
        all.put("query-version", arguments -> {
            arguments.end();
            return version();
        });
        all.put("query-commands", arguments -> {
            arguments.end();
            return all.navigableKeySet().stream()
                    .map(name -> Map.of("name", name))
                    .toList();
        });
        all.put("qmp_capabilities", ProtocolCommands::nothing); // for the list; the connection carries it out
        return all;
    }

    /** Our version, in the form in which clients of the protocol look for one. */
    static Map<String, Object> version() {
        String version = ProtocolCommands.class.getPackage().getImplementationVersion();
        String known = version == null ? "0.0.0" : version;
        List<Integer> numbers = List.of(known.split("-", 2)[0].split("\\.")).stream()
                .map(Integer::parseInt)
                .toList();
        return Map.of(
                "qemu",
                Map.of("major", numbers.get(0), "minor", numbers.get(1), "micro", numbers.get(2)),
                "package",
                "rcublk " + (version == null ? "development" : version));
    }

    private static Object nothing(Arguments arguments) {
        arguments.end();
        return Map.of();
    }
}
