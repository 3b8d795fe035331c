// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.overlay;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * The state of each cluster: a directory of tables, made when first written under. All accesses are volatile or
 * compare-and-set, so whoever sees a cluster sees the bytes that were put into it before it was published.
 */
@AnyThread
final class ClusterTable {
    private static final int TABLE_BITS = 12;
    private static final int MAX_DIRECTORY = 1 << 24;

    static final long MAX_CLUSTERS = (long) MAX_DIRECTORY << TABLE_BITS;

    private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Cluster>> directory;

    /**
     * An empty table.
     *
     * @throws IllegalArgumentException if there are too many clusters
     */
    ClusterTable(long clusters) {
        if (clusters > MAX_CLUSTERS) {
            throw new IllegalArgumentException(clusters + " clusters");
        }
        directory = new AtomicReferenceArray<>((int) ((clusters + (1 << TABLE_BITS) - 1) >> TABLE_BITS));
    }

    @Nullable
    Cluster get(long cluster) {
        AtomicReferenceArray<@Nullable Cluster> table = directory.get((int) (cluster >> TABLE_BITS));
        return table == null ? null : table.get(slot(cluster));
    }

    boolean compareAndSet(long cluster, @Nullable Cluster from, @Nullable Cluster to) {
        int index = (int) (cluster >> TABLE_BITS);
        AtomicReferenceArray<@Nullable Cluster> table = directory.get(index);
        if (table == null) {
            AtomicReferenceArray<@Nullable Cluster> made = new AtomicReferenceArray<>(1 << TABLE_BITS);
            table = directory.compareAndExchange(index, null, made);
            table = table == null ? made : table;
        }
        return table.compareAndSet(slot(cluster), from, to);
    }

    private static int slot(long cluster) {
        return (int) cluster & ((1 << TABLE_BITS) - 1);
    }
}
