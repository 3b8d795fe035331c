// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.rcublk.annotation.AnyThread;
import org.rcublk.rcu.CallSite;

/**
 * A virtqueue as its producer sees it: slots that are free, acquired, or under way, and the completions that wait for it.
 * Whatever thread the producer is, it is one at a time, and nobody else looks at this.
 */
@AnyThread
final class ProducerSlots {
    private final String root;
    private final Request[] requests;
    private final int[] free;
    private final OneToOneRingBuffer completions;
    private Virtqueue.CompletionHandler completionHandler = (slot, status) -> {};
    private final MessageHandler onCompletion = (type, buffer, at, length) ->
            handBack(RingRecords.completedSlot(buffer, at), RingRecords.status(buffer, at));
    private int count;

    /** With all slots free. */
    ProducerSlots(String root, Request[] requests, OneToOneRingBuffer completions) {
        this.root = root;
        this.completions = completions;
        this.requests = requests;
        this.free = new int[requests.length];
        this.count = requests.length;
        for (int slot = 0; slot < count; slot++) {
            free[slot] = count - 1 - slot;
        }
    }

    int count() {
        return count;
    }

    /** A free slot, taken; -1 if there is none. */
    int acquire() {
        if (count == 0) {
            return -1;
        }
        int slot = free[--count];
        requests[slot].slotState = Request.SLOT_ACQUIRED;
        return slot;
    }

    void giveBack(int slot) {
        moves(slot, Request.SLOT_FREE);
        requests[slot].buffer = null;
        free[count++] = slot;
    }

    void submitted(int slot) {
        moves(slot, Request.SLOT_SUBMITTED);
        if (CallSite.RECORDED) {
            requests[slot].site = CallSite.sampled();
        }
    }

    /** As {@link Virtqueue#pollCompletions}. */
    int takeCompletions(Virtqueue.CompletionHandler handler, int limit) {
        completionHandler = handler;
        int taken = 0;
        long before;
        // In batches, because a batch gives its space back at its end; and one ends where the ring wraps.
        do {
            before = completions.consumerPosition();
            taken += completions.read(onCompletion, Math.min(limit - taken, RingSpace.BATCH));
        } while (taken < limit && completions.consumerPosition() != before);
        return taken;
    }

    private void handBack(int slot, int status) {
        requests[slot].slotState = Request.SLOT_ACQUIRED;
        completionHandler.completed(slot, status);
    }

    /** Frees or submits an acquired slot; any other is the producer's mistake. */
    private void moves(int slot, byte to) {
        Request request = requests[slot];
        if (request.slotState != Request.SLOT_ACQUIRED) {
            throw new IllegalStateException("virtqueue of " + root + ": slot " + slot
                    + (request.slotState == Request.SLOT_FREE ? " is free: acquire it first" : " is under way"));
        }
        request.slotState = to;
    }
}
