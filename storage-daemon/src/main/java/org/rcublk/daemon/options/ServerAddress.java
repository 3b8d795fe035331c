// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.options;

/** Where a server listens. Values. */
public sealed interface ServerAddress {

    /**
     * A socket in the file system.
     *
     * @param path its path
     */
    record Unix(String path) implements ServerAddress {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * A TCP port.
     *
     * @param host a name or an address
     * @param port 0 to let the system choose
     */
    record Inet(String host, int port) implements ServerAddress {
        @Override
        public String toString() {
            return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
        }
    }

    /**
     * Takes an address out of arguments: {@code type} and then {@code path}, or {@code host} and {@code port}.
     *
     * @param arguments the arguments that hold it, and nothing else
     * @return the address
     * @throws ArgumentException when it is not understood
     */
    static ServerAddress take(Arguments arguments) {
        String type = arguments.string("type");
        ServerAddress address = switch (type) {
            case "unix" -> new Unix(arguments.string("path"));
            case "inet" -> new Inet(arguments.string("host"), port(arguments));
            default -> throw arguments.error("type", "is '" + type + "': use unix or inet");
        };
        arguments.end();
        return address;
    }

    private static int port(Arguments arguments) {
        String port = arguments.string("port"); // a string in JSON too, as in QEMU
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= 65535) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw arguments.error("port", "is '" + port + "': use a number from 0 (any free port) to 65535");
    }
}
