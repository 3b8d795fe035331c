// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: inheritance
// layer: callgraph
// from: TemplateMethod.ready
// to: Files.readString
package seed.blocking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rcublk.annotation.IoThreadOnly;

abstract class TemplateMethod {
    @IoThreadOnly
    String ready() throws IOException {
        return "name: " + name();
    }

    abstract String name() throws IOException;

    static final class FromFile extends TemplateMethod {
        @Override
        String name() throws IOException {
            return Files.readString(Path.of("/etc/hostname")); // HERE
        }
    }
}
