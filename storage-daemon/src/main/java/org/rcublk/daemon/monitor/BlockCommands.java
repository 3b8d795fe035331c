// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rcublk.daemon.options.Arguments;
import org.rcublk.daemon.options.ExportSpec;
import org.rcublk.daemon.service.BlockService;
import org.rcublk.daemon.service.GraphReports;
import org.rcublk.graph.Publication;
import org.rcublk.view.GraphFormat;
import org.rcublk.view.GraphJson;
import org.rcublk.view.GraphView;

/** The commands that change or show the block graph and its exports. Each takes all its arguments before it acts. */
public final class BlockCommands {
    private static final String DEADLINE = "deadline-ms";
    private static final long MAX_DEADLINE = Duration.ofDays(1).toMillis();
    private static final Map<String, Object> NOTHING = Map.of();

    private final BlockService service;

    private BlockCommands(BlockService service) {
        this.service = service;
    }

    /**
     * Starts a monitor of a service.
     *
     * @param path the path of its socket
     * @param service what its clients control
     * @param quit called when a client wants the daemon to end; must not wait for the monitor to close
     * @return the monitor; close it at the end
     * @throws IOException when the socket could not be made; the message names the path and the mend
     */
    public static MonitorServer listen(Path path, BlockService service, Runnable quit) throws IOException {
        return MonitorServer.listen(path, new BlockCommands(service).table(), quit);
    }

    private Map<String, Command> table() {
        Map<String, Command> table = new LinkedHashMap<>();
        table.put("blockdev-add", this::add);
        table.put("blockdev-del", this::delete);
        table.put("blockdev-snapshot", this::snapshot);
        table.put("x-blockdev-insert-filter", this::insertFilter);
        table.put("x-blockdev-remove-filter", this::removeFilter);
        new ChangeCommands(service).addTo(table);
        table.put("block-export-add", this::addExport);
        table.put("block-export-del", this::deleteExport);
        table.put("query-named-block-nodes", this::nodes);
        table.put("query-block-exports", this::exports);
        table.put("x-query-rcu", this::rcu);
        table.put("x-query-graph", this::graph);
        table.put("x-debug-query-block-graph", this::debugGraph);
        return table;
    }

    private Object add(Arguments arguments) {
        if (!arguments.has("node-name")) {
            throw arguments.error("node-name", "is missing: name the node");
        }
        service.addNodes(arguments.rest());
        return NOTHING;
    }

    private Object delete(Arguments arguments) {
        String name = arguments.string("node-name");
        arguments.end();
        service.removeNode(name);
        return NOTHING;
    }

    private Object snapshot(Arguments arguments) {
        String node = arguments.string("node");
        String overlay = arguments.string("overlay");
        Duration deadline = deadline(arguments);
        arguments.end();
        service.snapshot(node, overlay, deadline);
        return NOTHING;
    }

    private Object insertFilter(Arguments arguments) {
        String node = arguments.string("node");
        Map<String, Object> filter = arguments.map("filter");
        Duration deadline = deadline(arguments);
        arguments.end();
        if (!filter.containsKey("node-name")) {
            throw arguments.error("filter.node-name", "is missing: name the filter");
        }
        return published(service.insertFilter(node, filter, deadline));
    }

    private Object removeFilter(Arguments arguments) {
        String name = arguments.string("node-name");
        Duration deadline = deadline(arguments);
        arguments.end();
        return published(service.removeFilter(name, deadline));
    }

    private Object addExport(Arguments arguments) {
        service.addExport(ExportSpec.take(arguments));
        return NOTHING;
    }

    private Object deleteExport(Arguments arguments) {
        String id = arguments.string("id");
        String mode = arguments.optionalString("mode");
        Duration deadline = deadline(arguments);
        arguments.end();
        if (mode != null && !mode.equals("safe") && !mode.equals("hard")) {
            throw arguments.error("mode", "is '" + mode + "': use safe or hard");
        }
        service.removeExport(id, "hard".equals(mode), deadline);
        return NOTHING;
    }

    private Object nodes(Arguments arguments) {
        arguments.flag("flat", false); // reports are flat anyway
        arguments.end();
        return service.reports().nodes();
    }

    private Object exports(Arguments arguments) {
        arguments.end();
        return service.reports().exports();
    }

    private Object rcu(Arguments arguments) {
        arguments.end();
        return service.reports().rcu();
    }

    private Object graph(Arguments arguments) {
        String word = arguments.optionalString("format");
        arguments.end();
        GraphFormat format = GraphFormat.of(word == null ? "json" : word);
        if (format == null) {
            throw arguments.error("format", "is '" + word + "': use " + GraphFormat.WORDS);
        }
        GraphView view = GraphReports.view(service.graph());
        return format == GraphFormat.JSON ? GraphJson.toMap(view) : format.draw(view);
    }

    private Object debugGraph(Arguments arguments) {
        arguments.end();
        return GraphReports.debug(service.graph());
    }

    static Duration deadline(Arguments arguments) {
        return Duration.ofMillis(arguments.number(DEADLINE, BlockService.PATIENCE.toMillis(), 0, MAX_DEADLINE));
    }

    static Map<String, Object> published(Publication publication) {
        return Map.of(
                "version", publication.version(),
                "gated-ns", publication.times().gatedNanos(),
                "drain-ns", publication.times().drainNanos());
    }
}
