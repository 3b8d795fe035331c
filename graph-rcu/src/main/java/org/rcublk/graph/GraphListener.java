// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import org.rcublk.annotation.GlobalState;

/**
 * Is told of publications, after the fact.
 *
 * <p>Called on the thread that published, before its call returns. Publications of several threads may be told out of
 * order: the number tells. A listener must neither block nor change the graph; what it throws is logged and changes
 * nothing.
 */
@GlobalState
@FunctionalInterface
public interface GraphListener {

    /**
     * A version was published.
     *
     * @param publication what was published
     */
    void published(Publication publication);
}
