// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: functional parameter
// layer: callgraph
// from: HelperInStream.ready
// to: CyclicBarrier.await
package seed.blocking;

import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.rcublk.annotation.IoThreadOnly;

/** The lambda is run by the library's code, and itself calls nothing but a helper. */
final class HelperInStream {
    private final CyclicBarrier barrier = new CyclicBarrier(2);
    private String failed = "";

    @IoThreadOnly
    void ready(List<String> names) {
        names.stream().filter(name -> !name.isEmpty()).forEach(name -> meet(name));
    }

    private void meet(String name) {
        try {
            barrier.await(); // HERE
        } catch (InterruptedException | BrokenBarrierException e) {
            failed = name;
        }
    }
}
