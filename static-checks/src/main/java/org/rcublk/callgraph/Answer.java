// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.List;

/** What a question about a call graph is answered with. */
public sealed interface Answer {
    /**
     * How many findings there are.
     *
     * @return the number, those left out by a limit not counted
     */
    int size();

    /**
     * Ways through the graph.
     *
     * @param question the question in words
     * @param paths the ways
     * @param omitted how many more there are
     */
    record Paths(String question, List<CallPath> paths, int omitted) implements Answer {
        @Override
        public int size() {
            return paths.size();
        }
    }

    /**
     * Single calls.
     *
     * @param question the question in words
     * @param edges the calls
     * @param omitted how many more there are
     */
    record Calls(String question, List<Edge> edges, int omitted) implements Answer {
        @Override
        public int size() {
            return edges.size();
        }
    }

    /**
     * Members of a duty cycle.
     *
     * @param question the question in words
     * @param members the members
     * @param omitted how many more there are
     */
    record Members(String question, List<DutyCycle.Member> members, int omitted) implements Answer {
        @Override
        public int size() {
            return members.size();
        }
    }
}
