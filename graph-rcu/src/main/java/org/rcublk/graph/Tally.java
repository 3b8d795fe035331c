// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/**
 * The users of one node, counted by permission: how many use it, how many do not share it, and how many do both. Counting
 * makes a change of one user cost the same however many users a node has; who they are is looked up only for a message.
 * Immutable.
 */
@AnyThread
final class Tally {
    /** Nobody uses the node. */
    static final Tally NONE = new Tally(new int[3 * Permission.values().length]);

    private static final Permission[] ALL = Permission.values();

    private final int[] counts; // users, refusers and those who are both, permission by permission

    private Tally(int[] counts) {
        this.counts = counts;
    }

    Tally plus(Grant grant) {
        return changed(grant, 1);
    }

    Tally minus(Grant grant) {
        return changed(grant, -1);
    }

    private Tally changed(Grant grant, int by) {
        int[] next = counts.clone();
        for (int i = 0; i < ALL.length; i++) {
            boolean uses = grant.used().has(ALL[i]);
            boolean refuses = !grant.shared().has(ALL[i]);
            next[3 * i] += uses ? by : 0;
            next[3 * i + 1] += refuses ? by : 0;
            next[3 * i + 2] += uses && refuses ? by : 0;
        }
        return new Tally(next);
    }

    /** What all users together do, and what all of them share. */
    Grant total() {
        Permissions used = Permissions.NONE;
        Permissions shared = Permissions.NONE;
        for (int i = 0; i < ALL.length; i++) {
            used = counts[3 * i] > 0 ? used.or(Permissions.of(ALL[i])) : used;
            shared = counts[3 * i + 1] == 0 ? shared.or(Permissions.of(ALL[i])) : shared;
        }
        return new Grant(used, shared);
    }

    /** What one user does and another does not share. Whoever does what it does not share itself is alone with it. */
    Permissions conflicts() {
        Permissions found = Permissions.NONE;
        for (int i = 0; i < ALL.length; i++) {
            int users = counts[3 * i];
            int refusers = counts[3 * i + 1];
            boolean alone = users == 1 && refusers == 1 && counts[3 * i + 2] == 1;
            found = users > 0 && refusers > 0 && !alone ? found.or(Permissions.of(ALL[i])) : found;
        }
        return found;
    }

    boolean isNone() {
        return Arrays.equals(counts, NONE.counts);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tally tally && Arrays.equals(counts, tally.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }
}
