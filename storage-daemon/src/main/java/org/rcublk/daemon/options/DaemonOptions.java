// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.options;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rcublk.daemon.options.DaemonOption.Blockdev;
import org.rcublk.daemon.options.DaemonOption.Chardev;
import org.rcublk.daemon.options.DaemonOption.Export;
import org.rcublk.daemon.options.DaemonOption.IoThreadOption;
import org.rcublk.daemon.options.DaemonOption.Monitor;
import org.rcublk.daemon.options.DaemonOption.NbdServerOption;

/**
 * Collects the storage daemon's options in the order of the command line. What one text shows to be wrong is refused
 * here, before anything is opened: syntax, keys, types, ids used twice, and an option before the one that it needs.
 * Whether a node exists is the graph's to say. Not thread-safe.
 */
public final class DaemonOptions {
    private static final long MAX_POLL_NANOS = 1_000_000_000L;
    private static final int USUAL_CLIENTS = 100; // as in QEMU
    private static final int MAX_CLIENTS = 1 << 20;

    private final List<DaemonOption> inOrder = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> monitored = new HashSet<>();
    private boolean hasNbdServer;

    /** No options. */
    public DaemonOptions() {}

    /**
     * The options so far.
     *
     * @return in the order of the command line
     */
    public List<DaemonOption> inOrder() {
        return List.copyOf(inOrder);
    }

    /**
     * Parses one more option.
     *
     * @param name the option, {@code --blockdev} say
     * @param value its value
     * @throws ArgumentException when it is not understood
     */
    public void add(String name, String value) {
        inOrder.add(
                switch (name) {
                    case "--object" -> object(Arguments.ofOption(name, value, "qom-type"));
                    case "--blockdev" -> blockdev(Arguments.ofOption(name, value, "driver"));
                    case "--nbd-server" -> nbdServer(Arguments.ofOption(name, value, null));
                    case "--export" -> export(Arguments.ofOption(name, value, "type"));
                    case "--chardev" -> chardev(Arguments.ofOption(name, value, "backend"));
                    case "--monitor" -> monitor(Arguments.ofOption(name, value, "chardev"));
                    default -> throw new IllegalArgumentException(name);
                });
    }

    private DaemonOption object(Arguments arguments) {
        String type = arguments.string("qom-type");
        if (!type.equals("iothread")) {
            throw arguments.error("qom-type", "is '" + type + "': the only type of object is iothread");
        }
        String id = unique(arguments, "iothread");
        long poll = arguments.number("poll-max-ns", -1, 0, MAX_POLL_NANOS);
        arguments.end();
        return new IoThreadOption(id, poll);
    }

    private static DaemonOption blockdev(Arguments arguments) {
        Map<String, Object> options = arguments.rest();
        if (!options.containsKey("node-name")) {
            throw arguments.error("node-name", "is missing: name the node, node-name=disk0 say");
        }
        return new Blockdev(options);
    }

    private DaemonOption nbdServer(Arguments arguments) {
        if (hasNbdServer) {
            throw new ArgumentException("--nbd-server: it is given twice: keep one");
        }
        hasNbdServer = true;
        ServerAddress address = ServerAddress.take(arguments.below("addr"));
        int most = (int) arguments.number("max-connections", USUAL_CLIENTS, 0, MAX_CLIENTS);
        arguments.end();
        return new NbdServerOption(address, most);
    }

    private DaemonOption export(Arguments arguments) {
        ExportSpec spec = ExportSpec.take(arguments);
        if (!hasNbdServer) {
            throw new ArgumentException("--export: there is no NBD server yet: put --nbd-server before it");
        }
        if (!ids.add("export " + spec.id())) {
            throw arguments.error("id", "'" + spec.id() + "' is given twice: each export needs an id of its own");
        }
        for (String thread : spec.ioThreads()) {
            if (!ids.contains("iothread " + thread)) {
                throw arguments.error(
                        "iothread",
                        "names '" + thread + "', which does not exist: put --object iothread,id=" + thread
                                + " before it");
            }
        }
        return new Export(spec);
    }

    private DaemonOption chardev(Arguments arguments) {
        String backend = arguments.string("backend");
        if (!backend.equals("socket")) {
            throw arguments.error("backend", "is '" + backend + "': the only chardev is socket");
        }
        String id = unique(arguments, "chardev");
        String path = arguments.string("path");
        if (!arguments.flag("server", false)) {
            throw arguments.error("server", "is off: the monitor listens, add server=on,wait=off");
        }
        if (arguments.flag("wait", true)) {
            throw arguments.error("wait", "is on: the daemon does not wait for a client, add wait=off");
        }
        arguments.end();
        return new Chardev(id, path);
    }

    private DaemonOption monitor(Arguments arguments) {
        String chardev = arguments.string("chardev");
        String mode = arguments.optionalString("mode");
        arguments.end();
        if (mode != null && !mode.equals("control")) {
            throw arguments.error("mode", "is '" + mode + "': the only mode is control");
        }
        if (!ids.contains("chardev " + chardev)) {
            throw arguments.error(
                    "chardev",
                    "names '" + chardev + "', which does not exist: put --chardev socket,id=" + chardev
                            + ",... before it");
        }
        if (!monitored.add(chardev)) {
            throw arguments.error("chardev", "'" + chardev + "' has a monitor already: keep one");
        }
        return new Monitor(chardev);
    }

    private String unique(Arguments arguments, String kind) {
        String id = arguments.string("id");
        if (!ids.add(kind + " " + id)) {
            throw arguments.error("id", "'" + id + "' is given twice: each " + kind + " needs an id of its own");
        }
        return id;
    }
}
