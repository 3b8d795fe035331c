// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.rcublk.annotation.AnyThread;

/** What this package itself knows of who holds a domain's sections open. */
@AnyThread
final class Holders {
    private static final int NAMED = 4;

    private Holders() {}

    /** Sections that {@link DebugMode} recorded, and platform threads inside a {@link ReadSection}, with their stacks. */
    static List<SectionHolder> known(ReadDomain domain) {
        List<SectionHolder> holders = new ArrayList<>();
        long now = System.nanoTime();
        for (Tokens.Open open : Tokens.open(domain.base(), any -> true)) {
            holders.add(new SectionHolder(
                    open.thread(), "domain " + open.domain(), "read section", now - open.beganNanos(), open.site()));
        }
        for (Thread thread : SectionStack.threadsInside(domain)) {
            List<StackTraceElement> stack =
                    Arrays.stream(thread.getStackTrace()).limit(CallSite.DEPTH).toList();
            holders.add(new SectionHolder(thread.getName(), "domain " + domain.name(), "ReadSection, now", -1, stack));
        }
        return holders;
    }

    /** The first few for a message, empty if nobody is known. */
    static String inWords(List<SectionHolder> holders) {
        return holders.isEmpty()
                ? ""
                : holders.stream()
                        .limit(NAMED)
                        .map(SectionHolder::describe)
                        .collect(Collectors.joining("; ", "; held by: ", holders.size() > NAMED ? "; ..." : ""));
    }

    /** Why a close or a barrier did not come to its end. */
    static String whatIsOpen(ReadDomain domain, RetireQueue retired, List<SectionHolder> holders) {
        long releasing = retired.releasingNanos();
        String running = releasing == 0
                ? ""
                : ", one of which has been running for " + TimeUnit.NANOSECONDS.toMillis(releasing) + " ms";
        return domain.openSections() + " read sections are open and " + retired.pending() + " releases are pending"
                + running + inWords(holders);
    }
}
