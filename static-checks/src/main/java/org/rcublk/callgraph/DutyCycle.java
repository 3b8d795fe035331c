// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The methods that a duty cycle runs, and how each is known to be part of it. What carries a rule of the control path
 * ({@code @GlobalState}, {@code @WaitsForGracePeriod}) is not gone through: that call is an error of its own.
 */
public final class DutyCycle {
    /** How it is known that the method runs there. */
    public enum Known {
        /** Its own annotation says so. */
        ANNOTATED,
        /** It has the rule by overriding, from its class, or from the parameter that it is passed to. */
        INHERITED,
        /** Only the calls say so. */
        INFERRED
    }

    /**
     * One method.
     *
     * @param method the method
     * @param known how it is known
     */
    public record Member(Node method, Known known) {}

    private DutyCycle() {}

    /**
     * Every analysed method that the roots reach.
     *
     * @param roots where the cycle begins
     * @param search what is followed
     * @return the roots and what they reach, nearest first
     */
    public static List<Member> inferred(Collection<Node> roots, Search search) {
        List<Member> members = new ArrayList<>();
        for (Node node : search.withStops(List.of("@GlobalState", "@WaitsForGracePeriod"))
                .reached(roots)) {
            if (node.kind() == Node.Kind.METHOD) {
                members.add(new Member(node, known(node)));
            }
        }
        return List.copyOf(members);
    }

    private static Known known(Node node) {
        Node.RuleOrigin origin = node.ruleOrigin();
        if (origin == null) {
            return Known.INFERRED;
        }
        return origin == Node.RuleOrigin.OWN ? Known.ANNOTATED : Known.INHERITED;
    }

    /**
     * Those of which only the calls say that they run there.
     *
     * @param members the members
     * @return a part of them, in the same order
     */
    public static List<Node> unannotated(Collection<Member> members) {
        return members.stream()
                .filter(member -> member.known() == Known.INFERRED)
                .map(Member::method)
                .toList();
    }

    /**
     * Every analysed method that the roots reach, whatever lies between.
     *
     * @param roots where the cycle begins
     * @return the roots and what they reach, nearest first
     */
    public static List<Member> inferred(Set<Node> roots) {
        return inferred(roots, Search.ALL);
    }
}
