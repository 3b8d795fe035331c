// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.VisitorState;
import com.google.errorprone.util.Signatures;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.TypeSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.Types;
import java.util.List;
import java.util.Optional;
import org.rcublk.checks.BlockingMethods;
import org.rcublk.checks.BlockingMethods.Answer;

/** Finds a call in the list of known blocking methods, by the method itself or one that it overrides. */
final class BlockingCalls {
    private final BlockingMethods list;

    /**
     * The project's list and some more.
     *
     * @param also names such as {@code java.lang.Thread.sleep}, each for all overloads
     */
    BlockingCalls(List<String> also) {
        list = BlockingMethods.known()
                .plus(BlockingMethods.parse(
                        also.stream().map(BlockingCalls::line).toList()));
    }

    /** A method with a rule does not count: its rule says whether it blocks. */
    boolean blocks(Callee callee, VisitorState state) {
        return callee.ruled().isEmpty() && answer(callee, state) == Answer.BLOCKS;
    }

    private Answer answer(Callee callee, VisitorState state) {
        Types types = state.getTypes();
        MethodSymbol method = callee.method();
        Type from = types.asSuper(callee.receiver(), method.owner) == null ? method.owner.type : callee.receiver();
        for (Type type : types.closure(from)) {
            Answer answer = declared(method, type.tsym, types)
                    .map(found -> answer(type.tsym, found, state))
                    .orElse(Answer.UNLISTED);
            if (answer != Answer.UNLISTED) {
                return answer;
            }
        }
        return Answer.UNLISTED;
    }

    /** The method as this type has it: below its owner the method itself, above it what it overrides. */
    private static Optional<MethodSymbol> declared(MethodSymbol method, TypeSymbol type, Types types) {
        return type.isSubClass(method.owner, types)
                ? Optional.of(method)
                : ThreadRules.overriddenBy(method, types).stream()
                        .filter(above -> above.owner.equals(type))
                        .findFirst();
    }

    private Answer answer(TypeSymbol type, MethodSymbol method, VisitorState state) {
        return list.answer(
                type.flatName().toString().replace('.', '/'),
                method.getSimpleName().toString(),
                Signatures.descriptor(state.getTypes().erasure(method.type), state));
    }

    private static String line(String qualifiedMethod) {
        int dot = qualifiedMethod.lastIndexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("not a class and a method: " + qualifiedMethod);
        }
        return qualifiedMethod.substring(0, dot).replace('.', '/') + "#" + qualifiedMethod.substring(dot + 1) + "(*)";
    }
}
