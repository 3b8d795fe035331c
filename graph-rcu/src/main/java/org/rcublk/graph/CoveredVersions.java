// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.rcu.ReadDomain;

/**
 * The grace periods that cover a root's versions. Immutable.
 *
 * <p>A cookie that was taken after version {@code n} was published covers every version up to {@code n}. So the entries
 * may come in any order, and the covered number is the largest whose cookie has elapsed.
 *
 * @param elapsed the largest covered number seen so far
 * @param pending entries that were not elapsed when last looked at
 */
@AnyThread
record CoveredVersions(long elapsed, Vector<Entry> pending) {

    /**
     * A version that changed the root's route and the cookie of a grace period that began after its publication.
     *
     * @param version the version's number
     * @param cookie the cookie
     */
    record Entry(long version, long cookie) {}

    static final CoveredVersions NONE = new CoveredVersions(0, Vector.empty());

    CoveredVersions plus(long version, long cookie) {
        return version <= elapsed ? this : new CoveredVersions(elapsed, pending.append(new Entry(version, cookie)));
    }

    CoveredVersions reached(long version) {
        return version <= elapsed ? this : new CoveredVersions(version, pending.filter(e -> e.version() > version));
    }

    /** This, with the entries taken off that a completed grace period covers; the same object when there is none. */
    CoveredVersions advanced(ReadDomain domain) {
        long newest = elapsed;
        for (Entry entry : pending) {
            if (entry.version() > newest && domain.poll(entry.cookie())) {
                newest = entry.version();
            }
        }
        return reached(newest);
    }

    int uncovered() {
        return pending.size();
    }

    /** The earliest of the pending cookies that covers a version, or null. */
    @Nullable
    Long cookieFor(long version) {
        Entry best = null;
        for (Entry entry : pending) {
            if (entry.version() >= version && (best == null || entry.cookie() < best.cookie())) {
                best = entry;
            }
        }
        return best == null ? null : best.cookie();
    }
}
