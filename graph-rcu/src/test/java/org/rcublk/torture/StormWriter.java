// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import io.vavr.collection.HashSet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.rcublk.graph.BlockNode;
import org.rcublk.graph.Drain;
import org.rcublk.graph.DrainTimeoutException;
import org.rcublk.graph.DropFilter;
import org.rcublk.graph.GraphException;
import org.rcublk.graph.InsertFilter;
import org.rcublk.graph.LiveGraph;
import org.rcublk.graph.Publication;

/**
 * Changes the graph at random: filters in and out, held drains, nested ones, some of them with deadlines that they miss.
 * It alone touches its filters, so each must be there from its insertion to its removal, whatever others publish.
 */
final class StormWriter {
    private record Filter(BlockNode node, String over) {
        String name() {
            return node.name();
        }
    }

    final AtomicLong changes = new AtomicLong();
    private final String who;
    private final Run run;
    private final P6GateStorm storm;
    private final LiveGraph<String> live;
    private final SplittableRandom random;
    private final Deque<Filter> mine = new ArrayDeque<>();
    private int names;

    StormWriter(String who, Run run, P6GateStorm storm) {
        this.who = who;
        this.run = run;
        this.storm = storm;
        this.live = storm.live;
        this.random = run.random();
    }

    void oneChange() {
        List<String> nodes = P6GateStorm.NODES;
        String node = nodes.get(random.nextInt(nodes.size()));
        try {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> insertOrDrop(node);
                case 3, 4 -> hold(node, true);
                case 5 -> hold(node, false);
                case 6 -> nested();
                case 7, 8 -> storm.visitors.visit(who + "-" + names++, random.nextBoolean() ? node : "");
                default -> live.flushInFlight(HashSet.of(node), patience());
            }
        } catch (DrainTimeoutException aborted) {
            run.tally.other("aborts").increment();
        } catch (GraphException lost) {
            run.violation("no lost update", who + ": " + lost.getMessage());
        }
        present();
        changes.incrementAndGet();
    }

    /** Sometimes too short, sometimes only just. */
    private Duration patience() {
        return random.nextInt(4) == 0 ? Duration.ofNanos(1 + random.nextInt(2_000_000)) : run.options.patience();
    }

    private void insertOrDrop(String node) {
        if (mine.size() > 2) {
            drop(live.commit(new DropFilter(mine.getFirst().name()), patience()));
        } else {
            InsertFilter insert = filter(node);
            inserted(live.commit(insert, patience()), insert);
        }
    }

    private InsertFilter filter(String node) {
        String name = "f-" + who + "-" + names++;
        return new InsertFilter(node, BlockNode.filter(name, "passthrough", new StormNode(run, name), node));
    }

    private void inserted(Publication publication, InsertFilter insert) {
        mine.addLast(new Filter(insert.filter(), insert.node()));
        storm.drainedFor(publication, insert.node());
    }

    private void drop(Publication publication) {
        Filter dropped = mine.removeFirst();
        storm.drainedFor(publication, dropped.over);
        try {
            live.commit(new InsertFilter(dropped.over, dropped.node), run.options.patience());
            run.violation("no resurrection", "node " + dropped.name() + " came back after it had left");
        } catch (GraphException refused) {
            run.tally.other("resurrections refused").increment();
        }
    }

    /** Gates and drains nodes, looks that they are ours alone, then changes something or gives up. */
    private void hold(String node, boolean commit) {
        try (Drain<String> drain = live.drain(HashSet.of(node), patience())) {
            StormNode state = storm.node(node);
            alone(state);
            if (commit) {
                InsertFilter insert = filter(node);
                inserted(drain.commit(insert), insert);
            } else {
                run.tally.other("drains without a change").increment();
            }
        }
        if (mine.size() > 2) {
            drop(live.commit(new DropFilter(mine.getFirst().name()), run.options.patience()));
        }
    }

    /** Two drains of one thread, of nodes that share no root. */
    private void nested() {
        try (Drain<String> outer = live.drain(HashSet.of("a"), patience());
                Drain<String> inner = live.drain(HashSet.of("c"), patience())) {
            alone(storm.node("a"));
            alone(storm.node("c"));
            if (random.nextBoolean()) {
                InsertFilter insert = filter("c");
                inserted(inner.commit(insert), insert);
            }
            if (random.nextBoolean()) {
                InsertFilter insert = filter("a");
                inserted(outer.commit(insert), insert);
            }
        }
    }

    private void alone(StormNode node) {
        if (!node.exclusive.compareAndSet(null, who)) {
            run.violation("transactions apart", node.name + " is drained for " + who + " and " + node.exclusive.get());
            return;
        }
        for (int i = 0; i < 3; i++) {
            int requests = node.running.get();
            if (requests != 0) {
                run.violation("gate exclusion", requests + " requests run on " + node.name + ", drained for " + who);
            }
            Stalls.upTo(random, 100_000);
        }
        node.exclusive.set(null);
    }

    /** What this writer inserted and did not drop is there. */
    private void present() {
        for (Filter filter : mine) {
            if (!live.current().graph().nodes().containsKey(filter.name())) {
                run.violation("no lost update", who + ": its filter " + filter.name() + " is gone");
                mine.clear();
                return;
            }
        }
    }

    /** Ends: its filters go. */
    void dropAll() {
        while (!mine.isEmpty()) {
            drop(live.commit(new DropFilter(mine.getFirst().name()), run.options.patience()));
        }
    }
}
