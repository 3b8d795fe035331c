// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: generics
// layer: callgraph
// from: GenericSource.ready
// to: LinkedBlockingQueue.take
package seed.blocking;

import java.util.concurrent.LinkedBlockingQueue;
import org.rcublk.annotation.IoThreadOnly;

final class GenericSource<T> {
    interface Source<T> {
        T next() throws InterruptedException;
    }

    /** Reached by way of the bridge method {@code Object next()}. */
    static final class Queued implements Source<String> {
        private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        public String next() throws InterruptedException {
            return lines.take(); // HERE
        }
    }

    private final Source<T> source;

    GenericSource(Source<T> source) {
        this.source = source;
    }

    @IoThreadOnly
    T ready() throws InterruptedException {
        return source.next();
    }
}
