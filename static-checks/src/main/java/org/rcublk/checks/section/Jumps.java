// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The paths that leave a piece of code otherwise than at its end. */
final class Jumps {
    /** How a jump leaves. */
    enum Kind {
        BREAK,
        CONTINUE,
        YIELD,
        RETURN,
        THROW
    }

    /**
     * A jump.
     *
     * @param kind how it leaves
     * @param target the statement or switch that a break, continue or yield is of; the thrown type's name for a throw
     */
    record Jump(Kind kind, Object target) {
        static final Jump RETURN = new Jump(Kind.RETURN, "");
    }

    private final Map<Jump, Paths> paths = new LinkedHashMap<>();
    private final Map<Object, Type> thrown = new LinkedHashMap<>();

    void add(Jump jump, PathState state) {
        paths.computeIfAbsent(jump, any -> new Paths()).add(state);
    }

    void add(Jump jump, Paths states) {
        states.forEach(state -> add(jump, state));
    }

    void addThrown(Type type, PathState state) {
        String name = type.toString();
        thrown.put(name, type);
        add(new Jump(Kind.THROW, name), state);
    }

    @Nullable
    Type thrownType(Jump jump) {
        return jump.kind() == Kind.THROW ? thrown.get(jump.target()) : null;
    }

    /** Takes another's jump over, with the states that are left of it. */
    void addLike(Jumps from, Jump jump, Paths states) {
        Type type = from.thrownType(jump);
        if (type == null) {
            add(jump, states);
        } else {
            states.forEach(state -> addThrown(type, state));
        }
    }

    Paths take(Kind kind, Tree target) {
        Paths taken = paths.remove(new Jump(kind, target));
        return taken == null ? new Paths() : taken;
    }

    Map<Jump, Paths> all() {
        return paths;
    }
}
