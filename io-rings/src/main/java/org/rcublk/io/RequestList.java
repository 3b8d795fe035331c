// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.jspecify.annotations.Nullable;

/** A first-in first-out list through the requests' own links: never full, never allocates. One thread's. */
final class RequestList {
    private @Nullable Request head;
    private @Nullable Request tail;
    private int size;

    void add(Request request) {
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

    @Nullable
    Request peek() {
        return head;
    }

    @Nullable
    Request remove() {
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

    int size() {
        return size;
    }

    boolean isEmpty() {
        return head == null;
    }
}
