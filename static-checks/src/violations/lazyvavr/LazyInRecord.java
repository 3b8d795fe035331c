// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a version is made of strict collections
// hiding: nested class
// layer: compile LazyVavrInVersion
package seed.lazyvavr;

import io.vavr.Lazy;
import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.Straddling;

final class LazyInRecord {
    record Remove(Lazy<String> name) implements Straddling { // HERE
        @Override
        public BlockGraph apply(BlockGraph graph) {
            return graph.removeNode(name.get());
        }

        @Override
        public Set<String> touches(BlockGraph graph) {
            return HashSet.of(name.get());
        }

        @Override
        public String describe() {
            return "remove a node";
        }
    }

    Straddling remove(String prefix) {
        return new Remove(Lazy.of(() -> prefix + "0"));
    }
}
