// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayList;
import java.util.List;
import org.rcublk.checks.BlockingMethods;
import org.rcublk.checks.HandOverMethods;

/** What is known of library methods: which block, and which hand a function over to another thread. */
final class Library {
    private final Types types;
    private final BlockingMethods blocking = BlockingMethods.known();
    private final HandOverMethods handOvers = HandOverMethods.known();

    Library(Types types) {
        this.types = types;
    }

    /** Whether a method, or one that it overrides, is known to stop its caller. */
    boolean blocks(MethodRef method) throws CallGraphException {
        for (String type : lineage(method.owner())) {
            if (declares(type, method)) {
                BlockingMethods.Answer answer = blocking.answer(type, method.name(), method.descriptor());
                if (answer != BlockingMethods.Answer.UNLISTED) {
                    return answer == BlockingMethods.Answer.BLOCKS;
                }
            }
            if (method.name().equals("<init>")) {
                break;
            }
        }
        return false;
    }

    /** Whether a function that is passed to this method is run by another thread. */
    boolean handsOver(MethodRef method) throws CallGraphException {
        for (String type : lineage(method.owner())) {
            if (handOvers.handsOver(type, method.name())) {
                return true;
            }
        }
        return false;
    }

    private List<String> lineage(String type) throws CallGraphException {
        List<String> all = new ArrayList<>();
        all.add(type);
        all.addAll(types.supertypes(type));
        return all;
    }

    /** By parameters alone: an overriding method may return a narrower type. Of a class that is not there, all are. */
    private boolean declares(String type, MethodRef method) throws CallGraphException {
        ClassFacts facts = types.find(type);
        if (facts == null) {
            return true;
        }
        String start = method.name()
                + method.descriptor().substring(0, method.descriptor().indexOf(')') + 1);
        return facts.methods.keySet().stream().anyMatch(declared -> declared.startsWith(start));
    }
}
