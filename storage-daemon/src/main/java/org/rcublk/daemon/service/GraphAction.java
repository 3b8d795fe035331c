// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.service;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of the things that {@link BlockService#transaction} does together. */
public sealed interface GraphAction {
    /**
     * What the monitor calls it.
     *
     * @return the type of the action
     */
    String type();

    /**
     * Lays an overlay over a node: see {@link BlockService#snapshot}.
     *
     * @param node the node's name
     * @param overlay the overlay's name
     */
    record Snapshot(String node, String overlay) implements GraphAction {
        /** The command of that name does it too. */
        public static final String TYPE = "blockdev-snapshot";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * Inserts a filter over a node: see {@link BlockService#insertFilter}.
     *
     * @param node the node's name
     * @param filter the filter's options
     */
    record InsertFilter(String node, Map<String, Object> filter) implements GraphAction {
        /** The command of that name does it too. */
        public static final String TYPE = "x-blockdev-insert-filter";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * Removes a filter.
     *
     * @param name the filter's name
     */
    record RemoveFilter(String name) implements GraphAction {
        /** The command of that name does it too. */
        public static final String TYPE = "x-blockdev-remove-filter";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * Puts a node in another's place.
     *
     * @param from the name of the node whose users move
     * @param to the name of the node that gets them
     */
    record ReplaceNode(String from, String to) implements GraphAction {
        /** The command of that name does it too. */
        public static final String TYPE = "x-blockdev-replace-node";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * Gives nodes other options.
     *
     * @param options for each node all of its options
     */
    record Reopen(List<Map<String, @Nullable Object>> options) implements GraphAction {
        /** The command of that name does it too. */
        public static final String TYPE = "blockdev-reopen";

        @Override
        public String type() {
            return TYPE;
        }
    }
}
