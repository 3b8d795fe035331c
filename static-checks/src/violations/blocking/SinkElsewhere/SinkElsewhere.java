// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: interface
// layer: callgraph
// from: SinkElsewhere.ready
// to: ArrayBlockingQueue.put
package seed.blocking.sinkelsewhere;

import org.rcublk.annotation.IoThreadOnly;

final class SinkElsewhere {
    private final Sink sink;

    SinkElsewhere(Sink sink) {
        this.sink = sink;
    }

    @IoThreadOnly
    void ready() {
        sink.accept("ready");
    }
}
