// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the interpretation of a body has found, once for each place. */
final class Findings {
    /** How a section gets lost; of several ways the first one here is told. */
    enum Cause {
        DROPPED,
        OVERWRITTEN,
        LEFT,
        THROWN
    }

    /**
     * A section that is not ended on some path.
     *
     * @param begin what begins it
     * @param cause how it gets lost
     * @param where the place of the assignment, jump or call; null for the body's end
     */
    record Leak(Tree begin, Cause cause, @Nullable Tree where) {}

    /**
     * A use after the end.
     *
     * @param where the use
     * @param section the ended section
     * @param what what is wrong, in words
     */
    record LateUse(Tree where, Section section, String what) {}

    /**
     * A call without a section.
     *
     * @param where the call
     * @param callee the method in words
     */
    record Unheld(Tree where, String callee) {}

    private final Map<Tree, Leak> leaks = new LinkedHashMap<>();
    private final Map<Tree, LateUse> lateUses = new LinkedHashMap<>();
    private final Map<Tree, Unheld> unheld = new LinkedHashMap<>();

    void leak(Section section, Cause cause, @Nullable Tree where) {
        if (section.origin() instanceof Tree begin) {
            leaks.merge(
                    begin,
                    new Leak(begin, cause, where),
                    (old, now) -> now.cause().compareTo(old.cause()) < 0 ? now : old);
        }
    }

    /** What a path that leaves the body still owes. */
    void leaves(PathState state) {
        Tree where = state.leaving();
        boolean thrown = where != null && !(where instanceof ReturnTree) && !(where instanceof ThrowTree);
        for (Section section : state.owed()) {
            leak(section, thrown ? Cause.THROWN : Cause.LEFT, where);
        }
    }

    void lateUse(Tree where, Section section, String what) {
        lateUses.putIfAbsent(where, new LateUse(where, section, what));
    }

    void unheld(Tree where, MethodSymbol callee) {
        String name = callee.isConstructor()
                ? "new " + callee.owner.getSimpleName() + "()"
                : callee.owner.getSimpleName() + "." + callee.name + "()";
        unheld.putIfAbsent(where, new Unheld(where, name));
    }

    void unheld(Tree where, String callee) {
        unheld.putIfAbsent(where, new Unheld(where, callee));
    }

    Collection<Leak> leaks() {
        return leaks.values();
    }

    Collection<LateUse> lateUses() {
        return lateUses.values();
    }

    Collection<Unheld> unheld() {
        return unheld.values();
    }
}
