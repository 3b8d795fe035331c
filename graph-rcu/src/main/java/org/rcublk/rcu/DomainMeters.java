// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import org.rcublk.annotation.AnyThread;

/** What a domain counts, under the names that its meters have. */
@AnyThread
final class DomainMeters {
    private DomainMeters() {}

    static void bind(
            RcuMeters to,
            String domain,
            GracePeriods periods,
            RetireQueue retired,
            StallDetector stalls,
            SlotTable slots) {
        to.counter("rcublk.rcu.grace.periods", "periods", "Grace periods that have ended", domain, periods::completed);
        to.counter("rcublk.rcu.grace.period.time", "ns", "Time spent in grace periods", domain, periods::totalNanos);
        to.gauge("rcublk.rcu.grace.period.last", "ns", "Length of the last grace period", domain, periods::lastNanos);
        to.gauge(
                "rcublk.rcu.grace.period.longest",
                "ns",
                "Length of the longest grace period",
                domain,
                periods::longestNanos);
        to.counter("rcublk.rcu.stalls", "reports", "Reports of stalled grace periods", domain, stalls::reports);
        to.gauge("rcublk.rcu.sections.open", "sections", "Open read sections, an estimate", domain, slots::open);
        to.counter("rcublk.rcu.releases", "releases", "Deferred releases that are over", domain, retired::finished);
        to.counter("rcublk.rcu.releases.failed", "releases", "Deferred releases that threw", domain, retired::failed);
        to.gauge("rcublk.rcu.releases.pending", "releases", "Deferred releases not over", domain, retired::pending);
        to.gauge(
                "rcublk.rcu.release.running",
                "ns",
                "How long the release that runs now has been running",
                domain,
                retired::releasingNanos);
    }
}
