// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/** The one place where objects are compared by what they are instead of by what they say. */
@AnyThread
final class Identity {
    private Identity() {}

    /** Whether both are one object, or both are null. Persistent data is shared where it did not change. */
    @SuppressWarnings("ReferenceEquality")
    static boolean same(@Nullable Object one, @Nullable Object other) {
        return one == other;
    }
}
