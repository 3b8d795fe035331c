// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives each item its place, in the order that its rank has. In turn, each rank is moved to where its neighbours pull it,
 * as near as its items' widths allow; for one rank that is a weighted isotonic regression, which pooling adjacent violators
 * solves exactly, and so no two items of a rank ever overlap.
 */
final class Places {
    private static final double GAP = 22;
    private static final double STIFF = 8;
    private static final double MIN_RISE = 18;
    private static final double MAX_RISE = 72;
    private static final double RISE_OF_RUN = 0.16;
    private static final long WORK = 4_000_000;
    private static final int MIN_SWEEPS = 4;
    private static final int MAX_SWEEPS = 240;

    private final List<List<Item>> ranks;

    private Places(List<List<Item>> ranks) {
        this.ranks = ranks;
    }

    /** Sets the places of all items, none to the left of 0 and none above the top. */
    static void assign(List<List<Item>> ranks, double top) {
        Places places = new Places(ranks);
        places.across();
        places.straighten();
        places.toTheLeft();
        places.down(top);
    }

    private void across() {
        long items = 1;
        for (List<Item> rank : ranks) {
            items += rank.size();
            rank.forEach(item -> item.x = 0);
            settle(rank, true, true);
        }
        int sweeps = Math.clamp(WORK / items, MIN_SWEEPS, MAX_SWEEPS);
        for (int sweep = 0; sweep < sweeps; sweep++) {
            boolean down = sweep % 2 == 0;
            boolean both = sweep > sweeps / 2;
            for (List<Item> rank : down ? ranks : ranks.reversed()) {
                settle(rank, both || down, both || !down);
            }
        }
    }

    /** Items that hang on each other alone form a column; long ones come first. */
    private void straighten() {
        List<List<Item>> columns = new ArrayList<>();
        for (List<Item> rank : ranks) {
            for (Item top : rank) {
                if (top.above.size() != 1 || top.above.getFirst().below.size() != 1) {
                    List<Item> column = new ArrayList<>(List.of(top));
                    for (Item item = top;
                            item.below.size() == 1
                                    && item.below.getFirst().above.size() == 1; ) {
                        item = item.below.getFirst();
                        column.add(item);
                    }
                    columns.add(column);
                }
            }
        }
        columns.sort(Comparator.comparingInt(column -> -column.size()));
        for (int pass = 0; pass < 2; pass++) {
            columns.forEach(this::straighten);
        }
    }

    /**
     * Gives a column one place as far down as there is room for that, and then another: as few bends as the items at the
     * sides let it have. Order and gaps stay.
     */
    private void straighten(List<Item> column) {
        int begin = 0;
        while (begin < column.size()) {
            double min = leftmost(column.get(begin));
            double max = rightmost(column.get(begin));
            double sum = column.get(begin).x;
            int end = begin + 1;
            while (end < column.size()) {
                Item item = column.get(end);
                double left = Math.max(min, leftmost(item));
                double right = Math.min(max, rightmost(item));
                if (left > right) {
                    break;
                }
                min = left;
                max = right;
                sum += item.x;
                end++;
            }
            double x = sum / (end - begin);
            x = min > max ? column.get(begin).x : Math.clamp(x, min, max);
            for (Item item : column.subList(begin, end)) {
                item.x = x;
            }
            begin = end;
        }
    }

    private double leftmost(Item item) {
        if (item.order == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        return ranks.get(item.rank).get(item.order - 1).right() + GAP + item.width / 2;
    }

    private double rightmost(Item item) {
        List<Item> rank = ranks.get(item.rank);
        return item.order == rank.size() - 1
                ? Double.POSITIVE_INFINITY
                : rank.get(item.order + 1).left() - GAP - item.width / 2;
    }

    private void toTheLeft() {
        double min = ranks.stream()
                .flatMap(List::stream)
                .mapToDouble(Item::left)
                .min()
                .orElse(0);
        ranks.forEach(rank -> rank.forEach(item -> item.x -= min));
    }

    /** Moves a rank to where its neighbours above, below or both pull it. */
    private static void settle(List<Item> rank, boolean above, boolean below) {
        int n = rank.size();
        double[] offset = new double[n];
        double[] mean = new double[n];
        double[] weight = new double[n];
        int[] length = new int[n];
        int pools = 0;
        for (int i = 0; i < n; i++) {
            Item item = rank.get(i);
            offset[i] = i == 0 ? 0 : offset[i - 1] + rank.get(i - 1).width / 2 + GAP + item.width / 2;
            Pull pull = Pull.on(item, above, below);
            mean[pools] = pull.to() - offset[i];
            weight[pools] = pull.weight();
            length[pools] = 1;
            pools++;
            while (pools > 1 && mean[pools - 2] > mean[pools - 1]) {
                double sum = weight[pools - 2] + weight[pools - 1];
                mean[pools - 2] = (mean[pools - 2] * weight[pools - 2] + mean[pools - 1] * weight[pools - 1]) / sum;
                weight[pools - 2] = sum;
                length[pools - 2] += length[pools - 1];
                pools--;
            }
        }
        int i = 0;
        for (int pool = 0; pool < pools; pool++) {
            for (int end = i + length[pool]; i < end; i++) {
                rank.get(i).x = mean[pool] + offset[i];
            }
        }
    }

    /** What is far apart across gets room down, so that edges do not run flat. */
    private void down(double top) {
        double y = top;
        for (List<Item> rank : ranks) {
            double height = 0;
            double run = 0;
            for (Item item : rank) {
                height = Math.max(height, item.height);
                for (Item lower : item.below) {
                    run = Math.max(run, Math.abs(lower.x - item.x));
                }
            }
            for (Item item : rank) {
                item.y = y + height / 2;
                item.rankTop = y;
                item.rankBottom = y + height;
            }
            y += height + Math.clamp(RISE_OF_RUN * run, MIN_RISE, MAX_RISE);
        }
    }

    /** Where an item wants to be, and how much. */
    private record Pull(double to, double weight) {
        static Pull on(Item item, boolean above, boolean below) {
            double sum = 0;
            double weight = 0;
            for (List<Item> side :
                    List.of(above ? item.above : List.<Item>of(), below ? item.below : List.<Item>of())) {
                for (Item other : side) {
                    double pull = pull(item, other);
                    sum += pull * other.x;
                    weight += pull;
                }
            }
            return weight == 0 ? new Pull(item.x, 0.1) : new Pull(sum / weight, weight);
        }

        /** What belongs to one edge, and a box and its only edge, stay straight below each other if they can. */
        private static double pull(Item one, Item other) {
            boolean down = one.rank < other.rank;
            return (down ? one : other).below.size() == 1 && (down ? other : one).above.size() == 1 ? STIFF : 1;
        }
    }
}
