// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that holds the process id while the daemon is in service. */
final class PidFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PidFile.class);

    private final Path path;
    private final String text = ProcessHandle.current().pid() + "\n";

    private PidFile(Path path) {
        this.path = path;
    }

    /** Writes the file; what an earlier process left there is replaced. */
    static PidFile write(Path path) throws IOException {
        PidFile file = new PidFile(path);
        try {
            Files.writeString(path, file.text, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IOException("cannot write pid file '" + path + "': " + e.getMessage(), e);
        }
        return file;
    }

    /** Removes the file, unless it is another process's by now. */
    @Override
    public void close() {
        try {
            if (Files.exists(path)
                    && Files.readString(path, StandardCharsets.US_ASCII).equals(text)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            LOG.warn("cannot remove pid file '{}': {}", path, e.getMessage());
        }
    }
}
