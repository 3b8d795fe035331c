// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never blocks
// hiding: other module
// layer: callgraph
// from: OtherModule.ready
// to: CompletableFuture.get
package seed.blocking.othermodule;

import org.rcublk.annotation.IoThreadOnly;
import seed.blocking.othermodule.other.Names;

final class OtherModule {
    private final Names names = new Names();

    @IoThreadOnly
    String ready() {
        return names.current();
    }
}
