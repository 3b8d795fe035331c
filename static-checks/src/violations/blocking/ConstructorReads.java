// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: helper method
// layer: callgraph
// from: ConstructorReads.ready
// to: FileInputStream.read
package seed.blocking;

import java.io.FileInputStream;
import java.io.IOException;
import org.rcublk.annotation.IoThreadOnly;

final class ConstructorReads {
    static final class Header {
        final int magic;

        Header(FileInputStream from) throws IOException {
            magic = from.read(); // HERE
        }
    }

    @IoThreadOnly
    int ready(FileInputStream from) throws IOException {
        return new Header(from).magic;
    }
}
