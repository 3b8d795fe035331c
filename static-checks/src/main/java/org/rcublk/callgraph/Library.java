// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.rcublk.checks.BlockingMethods;

/** What is known of library methods: which block, and which hand a function over to another thread. */
final class Library {
    private static final String HANDOVER = "handover.txt";
    private static final Set<String> HANDS_OVER = handover();

    private final Types types;
    private final BlockingMethods blocking = BlockingMethods.known();

    Library(Types types) {
        this.types = types;
    }

    private static Set<String> handover() {
        Set<String> found = new HashSet<>();
        try (InputStream in = Library.class.getResourceAsStream(HANDOVER)) {
            if (in == null) {
                throw new IllegalStateException(HANDOVER + " is not beside " + Library.class);
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                int reason = line.indexOf(" : ");
                if (reason > 0 && !line.startsWith("#")) {
                    found.add(line.substring(0, reason).strip());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
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
            if (HANDS_OVER.contains(type + "#" + method.name()) || HANDS_OVER.contains(type + "#*")) {
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
