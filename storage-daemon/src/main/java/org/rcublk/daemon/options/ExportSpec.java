// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.options;

import java.util.List;

/**
 * An export to be made. A value.
 *
 * @param id unique among the exports; the root of the graph has it too
 * @param nodeName the node to export
 * @param name the name that clients ask for
 * @param description for clients that list the exports, may be empty
 * @param writable whether clients may write
 * @param ioThreads ids of IOThreads: the n-th connection runs on the n-th of them, over and over; none for the main
 *     loop
 */
public record ExportSpec(
        String id, String nodeName, String name, String description, boolean writable, List<String> ioThreads) {
    /** The protocol's limit for a name, in bytes. */
    private static final int MAX_NAME = 4096;

    /** Copies the list. */
    public ExportSpec {
        ioThreads = List.copyOf(ioThreads);
    }

    /**
     * Takes an export out of arguments.
     *
     * @param arguments the arguments, and nothing else
     * @return the export
     * @throws ArgumentException when it is not understood
     */
    public static ExportSpec take(Arguments arguments) {
        String type = arguments.string("type");
        if (!type.equals("nbd")) {
            throw arguments.error("type", "is '" + type + "': the only type of export is nbd");
        }
        String id = arguments.string("id");
        String node = arguments.string("node-name");
        String name = arguments.optionalString("name");
        String description = arguments.optionalString("description");
        boolean writable = arguments.flag("writable", false);
        List<String> ioThreads = arguments.strings("iothread");
        arguments.end();
        ExportSpec spec = new ExportSpec(
                id, node, name == null ? node : name, description == null ? "" : description, writable, ioThreads);
        if (spec.name.length() > MAX_NAME || spec.description.length() > MAX_NAME) {
            throw arguments.error(
                    spec.name.length() > MAX_NAME ? "name" : "description",
                    "is too long: use at most " + MAX_NAME + " characters");
        }
        return spec;
    }
}
