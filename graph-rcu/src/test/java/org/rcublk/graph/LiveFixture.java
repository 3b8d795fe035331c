// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import static org.rcublk.graph.Conditions.LONG;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A live graph with short ways to make nodes and roots. The plan is the list of what a root reaches, sorted. */
final class LiveFixture {
    final AtomicInteger compiled = new AtomicInteger();
    final List<Publication> publications = new CopyOnWriteArrayList<>();
    final List<String> log = new CopyOnWriteArrayList<>();
    final LiveGraph<String> live = new LiveGraph<>((root, graph) -> {
        compiled.incrementAndGet();
        return root.node() + ":" + graph.reach(root.id()).toSortedSet().mkString(",");
    });

    LiveFixture() {
        live.addListener(publications::add);
    }

    TestNode add(String name, Edge... children) {
        TestNode state = new TestNode(name, log);
        live.commit(AddNodes.of(BlockNode.of(name, "raw", state, children)), LONG);
        return state;
    }

    TestRoot attach(String id, String node) {
        TestRoot state = new TestRoot(id);
        live.commit(new AttachRoot(new GraphRoot(id, node, true, state)), LONG);
        return state;
    }

    InsertFilter filter(String name, String over) {
        return new InsertFilter(over, BlockNode.filter(name, "passthrough", new TestNode(name, log), over));
    }

    Version<String> now() {
        return live.current();
    }

    String plan(String root) {
        return now().route(root).plan();
    }

    boolean gated(String root) {
        return now().route(root).gated();
    }

    void allClosed() {
        Conditions.until("all retired nodes are closed", () -> live.retiredNotClosed() == 0);
    }
}
