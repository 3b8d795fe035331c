// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.io;

import org.rcublk.annotation.AnyThread;
import org.rcublk.annotation.GlobalState;

/**
 * Makes admissions of one design, each with an empty graph of its own. Found by {@link java.util.ServiceLoader}, so that
 * a design can be measured by adding its jar to the class path, and nobody depends on it.
 */
public interface AdmissionProvider {
    /**
     * The design's name, as {@link Admission#design} gives it.
     *
     * @return a short name that can be typed, such as "rwlock"
     */
    @AnyThread
    String design();

    /**
     * Makes an admission.
     *
     * @return an admission with an empty graph
     */
    @GlobalState
    Admission create();
}
