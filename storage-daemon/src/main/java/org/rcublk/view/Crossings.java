// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Orders each rank so that few edges cross: from an order in which a walk from the top meets the items, each rank is
 * sorted by the barycentres of its neighbours above, then below, to and fro, and the best order that was seen is kept
 * (Sugiyama, Tagawa, Toda, 1981). All ties keep their order, so that one view has one drawing.
 */
final class Crossings {
    private static final int SWEEPS = 24;
    private static final int WITHOUT_GAIN = 6;

    private final List<List<Item>> ranks;

    private Crossings(List<List<Item>> ranks) {
        this.ranks = ranks;
    }

    static void reduce(List<List<Item>> ranks) {
        Crossings crossings = new Crossings(ranks);
        crossings.walk();
        crossings.sweep();
    }

    /** Items that hang together stay together, and those of one parent in the parent's order. */
    private void walk() {
        Set<Item> met = new HashSet<>();
        List<List<Item>> sorted = new ArrayList<>();
        ranks.forEach(rank -> sorted.add(new ArrayList<>()));
        for (List<Item> rank : ranks) {
            for (Item start : rank) {
                Deque<Item> open = new ArrayDeque<>(List.of(start));
                while (!open.isEmpty()) {
                    Item item = open.pop();
                    if (met.add(item)) {
                        sorted.get(item.rank).add(item);
                        item.below.reversed().forEach(open::push);
                    }
                }
            }
        }
        for (int i = 0; i < ranks.size(); i++) {
            set(ranks.get(i), sorted.get(i));
        }
    }

    private void sweep() {
        long fewest = count();
        List<List<Item>> best = copy();
        int withoutGain = 0;
        for (int sweep = 0; sweep < SWEEPS && fewest > 0 && withoutGain < WITHOUT_GAIN; sweep++) {
            boolean down = sweep % 2 == 0;
            for (List<Item> rank : down ? ranks : ranks.reversed()) {
                sort(rank, down);
            }
            long now = count();
            withoutGain++;
            if (now < fewest) {
                fewest = now;
                best = copy();
                withoutGain = 0;
            }
        }
        for (int i = 0; i < ranks.size(); i++) {
            set(ranks.get(i), best.get(i));
        }
    }

    private static void sort(List<Item> rank, boolean down) {
        Map<Item, Double> centres = new HashMap<>();
        for (Item item : rank) {
            List<Item> fixed = down ? item.above : item.below;
            centres.put(item, fixed.stream().mapToInt(f -> f.order).average().orElse(-1));
        }
        List<Item> moving = new ArrayList<>(rank);
        moving.removeIf(item -> centres.getOrDefault(item, -1.0) < 0);
        moving.sort(Comparator.comparingDouble(item -> centres.getOrDefault(item, -1.0)));
        List<Item> sorted = new ArrayList<>();
        int next = 0;
        for (Item item : rank) {
            // what has no neighbour there keeps its place
            sorted.add(centres.getOrDefault(item, -1.0) < 0 ? item : moving.get(next++));
        }
        set(rank, sorted);
    }

    private static void set(List<Item> rank, List<Item> sorted) {
        for (int i = 0; i < sorted.size(); i++) {
            rank.set(i, sorted.get(i));
            sorted.get(i).order = i;
        }
    }

    private List<List<Item>> copy() {
        List<List<Item>> copy = new ArrayList<>();
        ranks.forEach(rank -> copy.add(List.copyOf(rank)));
        return copy;
    }

    private long count() {
        long count = 0;
        for (int i = 0; i + 1 < ranks.size(); i++) {
            count += count(ranks.get(i), ranks.get(i + 1).size());
        }
        return count;
    }

    /** Inversions among the lower ends of the edges, taken by their upper ends: a tree of sums finds them. */
    static long count(List<Item> upper, int lowerSize) {
        long[] sums = new long[lowerSize + 1];
        long crossings = 0;
        long seen = 0;
        for (Item item : upper) {
            int[] ends = item.below.stream().mapToInt(b -> b.order).toArray();
            Arrays.sort(ends);
            for (int end : ends) {
                long notToTheRight = 0;
                for (int i = end + 1; i > 0; i -= i & -i) {
                    notToTheRight += sums[i];
                }
                crossings += seen - notToTheRight;
            }
            for (int end : ends) {
                for (int i = end + 1; i <= lowerSize; i += i & -i) {
                    sums[i]++;
                }
            }
            seen += ends.length;
        }
        return crossings;
    }

    /** For tests. */
    static long count(List<List<Item>> ranks) {
        return new Crossings(Collections.unmodifiableList(ranks)).count();
    }
}
