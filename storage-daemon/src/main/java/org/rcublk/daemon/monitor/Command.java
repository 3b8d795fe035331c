// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.monitor;

import java.io.IOException;
import org.rcublk.daemon.options.Arguments;

/** What a command does. Runs on the virtual thread of its connection and may block. */
@FunctionalInterface
interface Command {
    /**
     * Does it.
     *
     * @param arguments the arguments; those that it does not take are refused before it changes anything, by {@link
     *     Arguments#end}
     * @return what the answer holds, as values that JSON has
     * @throws IOException when a file or socket could not be dealt with
     */
    Object run(Arguments arguments) throws IOException;
}
