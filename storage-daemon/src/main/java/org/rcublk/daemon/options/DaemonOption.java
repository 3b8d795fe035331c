// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.options;

import java.util.Map;

/**
 * One option of the storage daemon whose place among the others counts, parsed. They are carried out in the order of
 * the command line, so that an option may refer to what those before it made.
 */
public sealed interface DaemonOption {

    /**
     * An IOThread ({@code --object iothread}).
     *
     * @param id its id, and its thread's name
     * @param pollMaxNanos how long it looks for work before it sleeps, or -1 for the usual time
     */
    record IoThreadOption(String id, long pollMaxNanos) implements DaemonOption {}

    /**
     * Nodes ({@code --blockdev}).
     *
     * @param options the driver's options with those of the children inside; strings where they came as key=value
     */
    record Blockdev(Map<String, Object> options) implements DaemonOption {}

    /**
     * The NBD server ({@code --nbd-server}).
     *
     * @param address where it listens
     * @param maxConnections how many clients at a time, 0 for any number
     */
    record NbdServerOption(ServerAddress address, int maxConnections) implements DaemonOption {}

    /**
     * An export ({@code --export}).
     *
     * @param spec the export
     */
    record Export(ExportSpec spec) implements DaemonOption {}

    /**
     * A Unix socket for a monitor ({@code --chardev socket}).
     *
     * @param id its id
     * @param path the socket's path
     */
    record Chardev(String id, String path) implements DaemonOption {}

    /**
     * A monitor ({@code --monitor}).
     *
     * @param chardev the id of the chardev that it listens on
     */
    record Monitor(String chardev) implements DaemonOption {}
}
