// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;

/**
 * A rule and where it is written.
 *
 * @param source the method, parameter or class that carries the annotation
 * @param own whether that is the very symbol that was asked about
 */
record Ruled(ThreadRule rule, Symbol source, boolean own) {
    Ruled inherited() {
        return new Ruled(rule, source, false);
    }

    static Ruled stricter(Ruled left, Ruled right) {
        return left.rule.compareTo(right.rule) >= 0 ? left : right;
    }

    @Override
    public String toString() {
        if (own) {
            return rule.toString();
        }
        String from = source instanceof MethodSymbol ? "inherited from " : "as ";
        return rule + " (" + from + nameOf(source) + ")";
    }

    /** A short name for messages, such as {@code ReadDomain.synchronize} or {@code new Drain}. */
    static String nameOf(Symbol symbol) {
        if (symbol instanceof ClassSymbol type) {
            return type.getSimpleName().isEmpty()
                    ? "anonymous " + baseOf(type)
                    : type.getSimpleName().toString();
        }
        if (symbol instanceof MethodSymbol method) {
            String owner = nameOf(method.owner);
            return method.isConstructor() ? "new " + owner : owner + "." + method.getSimpleName();
        }
        return "parameter " + symbol.getSimpleName() + " of " + nameOf(symbol.owner);
    }

    private static String baseOf(ClassSymbol anonymous) {
        var interfaces = anonymous.getInterfaces();
        return (interfaces.isEmpty() ? anonymous.getSuperclass() : interfaces.head)
                .tsym
                .getSimpleName()
                .toString();
    }
}
