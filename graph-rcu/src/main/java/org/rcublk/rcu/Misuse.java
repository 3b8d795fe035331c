// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.rcu;

import org.rcublk.annotation.AnyThread;

/** The checks of callers, and what they are told: what was wrong, and what to do instead. */
@AnyThread
final class Misuse {
    private Misuse() {}

    static int requireIndex(int reader) {
        if (reader < 0) {
            throw new IllegalArgumentException("reader index " + reader + ": pass the value of an open ReaderIndex, or"
                    + " call without one to read as a guest");
        }
        return reader;
    }

    static IllegalStateException closed(String domain) {
        return new IllegalStateException("domain " + domain + " is closed: no read section may begin; detach whatever"
                + " submits to it before it is closed");
    }

    /** Throws unless a token that differs from the domain's plain ones is a recorded section of it that is open. */
    static void requireOpen(String domain, long base, String call, long token) {
        if (!Tokens.sameDomain(token, base)) {
            throw new IllegalArgumentException(call + "(" + Long.toHexString(token) + ") on domain " + domain
                    + ": the token was begun in another domain; end and fork a section where it began");
        }
        if (!Tokens.isOpen(token)) {
            throw endedBefore(domain, call, token);
        }
    }

    static IllegalStateException endedBefore(String domain, String call, long token) {
        return new IllegalStateException(call + "(" + Long.toHexString(token) + ") on domain " + domain
                + ": the section has ended already; end each token once, and fork before the parent's end");
    }

    /** Throws where a wait for a grace period would be a wait for the caller itself. */
    @SuppressWarnings("ReferenceEquality") // a thread is itself, whatever a subclass says
    static void requireMayWait(ReadDomain domain, String call) {
        ReaderThread.requireMayBlock(call);
        if (SectionStack.inside(domain)) {
            throw new IllegalStateException(call + " of domain " + domain.name() + " inside a ReadSection of it on "
                    + Thread.currentThread().getName()
                    + " would wait for itself: leave the section first, or use startPoll, whenElapsed or tryRetire");
        }
        if (DebugMode.ENABLED) {
            Thread self = Thread.currentThread();
            for (Tokens.Open held : Tokens.open(domain.base(), open -> open.holder() == self)) {
                throw new IllegalStateException(call + " of domain " + domain.name() + " under the token "
                        + Long.toHexString(held.token()) + " that this thread began" + CallSite.describe(held.site())
                        + ": end it first; if another thread will end it, say so with handOff()");
            }
        }
    }

    /** As {@link #requireMayWait}; a wait for releases in a release would be a wait for itself as well. */
    static void requireMayWaitForReleases(ReadDomain domain, String call) {
        requireMayWait(domain, call);
        if (RetireQueue.onRunner()) {
            throw new IllegalStateException(call + " of domain " + domain.name()
                    + " in a release may wait for that release:" + " call it from a control thread");
        }
    }

    static void requireAsked(String domain, GracePeriods periods, long cookie) {
        if (!periods.asked(cookie)) {
            throw new IllegalArgumentException("domain " + domain + ": nobody asked for grace period " + cookie
                    + " here; pass what startPoll() of the same domain returned");
        }
    }
}
