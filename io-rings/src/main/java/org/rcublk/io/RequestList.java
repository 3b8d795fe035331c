// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.ConfinedTo;
import org.rcublk.annotation.IoThreadOnly;

/**
 * A first-in first-out list through the requests' own links: never full, never allocates. A request is in one list at a
 * time; while a driver holds it, the link is the driver's. One IOThread's.
 */
@IoThreadOnly
public final class RequestList {
    @ConfinedTo("the list's IOThread")
    private @Nullable Request head;

    @ConfinedTo("the list's IOThread")
    private @Nullable Request tail;

    @ConfinedTo("the list's IOThread")
    private int size;

    /** An empty list. */
    @AnyThread
    public RequestList() {}

    /**
     * Appends a request.
     *
     * @param request in no other list
     */
    public void add(Request request) {
        request.next = null;
        if (tail == null) {
            head = request;
        } else {
            tail.next = request;
        }
        tail = request;
        size++;
    }

    void addFirst(Request request) {
        request.next = head;
        head = request;
        if (tail == null) {
            tail = request;
        }
        size++;
    }

    /**
     * The first request, which stays.
     *
     * @return the request, or null if the list is empty
     */
    public @Nullable Request peek() {
        return head;
    }

    /**
     * Takes the first request out.
     *
     * @return the request, or null if the list is empty
     */
    public @Nullable Request remove() {
        Request first = head;
        if (first == null) {
            return null;
        }
        head = first.next;
        if (head == null) {
            tail = null;
        }
        first.next = null;
        size--;
        return first;
    }

    /**
     * How many requests there are.
     *
     * @return 0 and up
     */
    public int size() {
        return size;
    }

    /**
     * Whether there is none.
     *
     * @return true if the list is empty
     */
    public boolean isEmpty() {
        return head == null;
    }
}
