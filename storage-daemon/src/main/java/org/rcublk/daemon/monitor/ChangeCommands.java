// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rcublk.daemon.options.Arguments;
import org.rcublk.daemon.options.JsonTree;
import org.rcublk.daemon.service.BlockService;
import org.rcublk.daemon.service.GraphAction;

/** The commands that change nodes which exist: other options, another size, other children; and several at once. */
final class ChangeCommands {
    private static final String OPTIONS = "options";

    private final BlockService service;

    ChangeCommands(BlockService service) {
        this.service = service;
    }

    void addTo(Map<String, Command> table) {
        table.put(GraphAction.Reopen.TYPE, arguments -> single(GraphAction.Reopen.TYPE, arguments));
        table.put(GraphAction.ReplaceNode.TYPE, arguments -> single(GraphAction.ReplaceNode.TYPE, arguments));
        table.put("block_resize", this::resize);
        table.put("x-blockdev-change", this::changeChild);
        table.put("transaction", this::transaction);
    }

    private Object single(String type, Arguments arguments) {
        Duration deadline = BlockCommands.deadline(arguments);
        GraphAction action = action(type, arguments);
        return BlockCommands.published(service.transaction(List.of(action), deadline));
    }

    private Object resize(Arguments arguments) throws IOException {
        String name = arguments.string("node-name");
        if (!arguments.has("size")) {
            throw arguments.error("size", "is missing: give the size in bytes");
        }
        long size = arguments.number("size", 0, 0, Long.MAX_VALUE);
        Duration deadline = BlockCommands.deadline(arguments);
        arguments.end();
        return BlockCommands.published(service.resize(name, size, deadline));
    }

    private Object changeChild(Arguments arguments) {
        String parent = arguments.string("parent");
        String child = arguments.optionalString("child");
        String node = arguments.optionalString("node");
        Duration deadline = BlockCommands.deadline(arguments);
        arguments.end();
        if ((child == null) == (node == null)) {
            throw arguments.error(
                    "child", "and 'node' exclude each other: give the child to remove or the node to add");
        }
        return BlockCommands.published(service.changeChild(parent, child, node, deadline));
    }

    private Object transaction(Arguments arguments) {
        List<GraphAction> actions = new ArrayList<>();
        for (Map<String, Object> element : objects(arguments, "actions")) {
            String where = "transaction: action " + (actions.size() + 1);
            Arguments action = Arguments.ofJson(where, element);
            String type = action.string("type");
            Map<String, Object> data = action.map("data");
            action.end();
            actions.add(action(type, Arguments.ofJson(where + " (" + type + ")", data)));
        }
        Duration deadline = BlockCommands.deadline(arguments);
        arguments.end();
        return BlockCommands.published(service.transaction(actions, deadline));
    }

    private static GraphAction action(String type, Arguments data) {
        GraphAction action = switch (type) {
            case GraphAction.Snapshot.TYPE -> new GraphAction.Snapshot(data.string("node"), data.string("overlay"));
            case GraphAction.InsertFilter.TYPE -> new GraphAction.InsertFilter(data.string("node"), filter(data));
            case GraphAction.RemoveFilter.TYPE -> new GraphAction.RemoveFilter(data.string("node-name"));
            case GraphAction.ReplaceNode.TYPE -> new GraphAction.ReplaceNode(data.string("from"), data.string("to"));
            case GraphAction.Reopen.TYPE -> new GraphAction.Reopen(options(data));
            default ->
                throw data.error(
                        "type",
                        "is '" + type + "': use one of "
                                + String.join(
                                        ", ",
                                        GraphAction.Snapshot.TYPE,
                                        GraphAction.Reopen.TYPE,
                                        GraphAction.InsertFilter.TYPE,
                                        GraphAction.RemoveFilter.TYPE,
                                        GraphAction.ReplaceNode.TYPE));
        };
        data.end();
        return action;
    }

    private static Map<String, Object> filter(Arguments data) {
        Map<String, Object> filter = data.map("filter");
        if (!filter.containsKey("node-name")) {
            throw data.error("filter.node-name", "is missing: name the filter");
        }
        return filter;
    }

    /** JSON's null as null: it stands for a child that is to be detached. */
    private static List<Map<String, @Nullable Object>> options(Arguments data) {
        List<Map<String, @Nullable Object>> options = new ArrayList<>();
        for (Map<String, Object> one : objects(data, OPTIONS)) {
            options.add(withNulls(one));
        }
        return options;
    }

    private static Map<String, @Nullable Object> withNulls(Map<?, ?> values) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            Object value = entry.getValue();
            Object plain = value instanceof Map<?, ?> nested ? withNulls(nested) : value;
            result.put(String.valueOf(entry.getKey()), JsonTree.NULL.equals(plain) ? null : plain);
        }
        return result;
    }

    private static List<Map<String, Object>> objects(Arguments arguments, String key) {
        List<Map<String, Object>> objects = arguments.maps(key);
        if (objects.isEmpty()) {
            throw arguments.error(key, "is an empty list: give at least one");
        }
        return objects;
    }
}
