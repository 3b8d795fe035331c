// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: anonymous class
// layer: callgraph
// from: StoredAnonymous.ready
// to: Exchanger.exchange
package seed.blocking;

import java.util.concurrent.Exchanger;
import java.util.function.UnaryOperator;
import org.rcublk.annotation.IoThreadOnly;

final class StoredAnonymous {
    private final Exchanger<String> exchanger = new Exchanger<>();
    private final UnaryOperator<String> swap = new UnaryOperator<>() {
        @Override
        public String apply(String mine) {
            try {
                return exchanger.exchange(mine); // HERE
            } catch (InterruptedException e) {
                return mine;
            }
        }
    };

    @IoThreadOnly
    String ready() {
        return swap.apply("mine");
    }
}
