// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.VisitorState;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.util.TreePath;
import com.sun.tools.javac.code.Flags;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import java.util.Optional;

/**
 * Where the objects of anonymous classes go. Such an object is a function with more than one method: who gets it runs them,
 * and the class around says nothing of that. The body of an enum constant is no such class, for its object is the enum's.
 */
final class AnonymousClasses {
    private AnonymousClasses() {}

    static boolean isOne(Symbol type) {
        return type.name.isEmpty() && (type.flags() & Flags.ENUM) == 0;
    }

    /** The rule of the parameter that the object of an anonymous class around the state is passed to, for its methods. */
    static Optional<Ruled> ruleOfArgument(MethodSymbol method, VisitorState state) {
        return method.isConstructor() || !isOne(method.owner)
                ? Optional.empty()
                : madeAround(state.getPath(), method.owner)
                        .flatMap(Functions::parameter)
                        .flatMap(parameter -> parameter.rule(state.getTypes()))
                        .map(Ruled::inherited);
    }

    /** The expression that makes an object of the class whose member the path's leaf is, if the class is anonymous. */
    static Optional<TreePath> madeFor(TreePath member) {
        return made(member.getParentPath());
    }

    /** Its body is around every call of its methods, but for {@code new Object() {...}.go()}, where the object goes nowhere. */
    private static Optional<TreePath> madeAround(TreePath from, Symbol type) {
        for (TreePath at = from; at != null; at = at.getParentPath()) {
            if (at.getLeaf() instanceof ClassTree body
                    && ASTHelpers.getSymbol(body).equals(type)) {
                return made(at);
            }
        }
        return Optional.empty();
    }

    private static Optional<TreePath> made(TreePath body) {
        return Optional.ofNullable(body.getParentPath()).filter(maker -> maker.getLeaf() instanceof NewClassTree);
    }
}
