// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.util.ASTHelpers;
import com.sun.tools.javac.code.Attribute;
import com.sun.tools.javac.code.Symbol;
import java.util.Optional;

/** The project's annotations on symbols, known by name: this module is built before the one that declares them. */
final class Annotations {
    static final String PACKAGE = "org.rcublk.annotation.";
    static final String CONFINED_TO = PACKAGE + "ConfinedTo";
    static final String VOLATILE_LOAD = PACKAGE + "VolatileLoad";
    static final String REQUIRES_READ_SECTION = PACKAGE + "RequiresReadSection";

    private Annotations() {}

    static boolean has(Symbol symbol, String qualifiedName) {
        return symbol.getRawAttributes().stream().anyMatch(mark -> name(mark).equals(qualifiedName));
    }

    /** What an annotation with one string says; absent if the symbol does not carry it. */
    static Optional<String> text(Symbol symbol, String qualifiedName) {
        return symbol.getRawAttributes().stream()
                .filter(mark -> name(mark).equals(qualifiedName))
                .map(mark -> mark.values.isEmpty()
                        ? ""
                        : mark.values.head.snd.getValue().toString())
                .findFirst();
    }

    /** The rule that stands on the symbol itself, the strictest if there are several. */
    static Optional<ThreadRule> rule(Symbol symbol) {
        return symbol.getRawAttributes().stream()
                .flatMap(mark -> ThreadRule.ofAnnotation(name(mark)).stream())
                .reduce(ThreadRule::stricter);
    }

    /** The name of the package that a symbol is in, empty for a primitive type. */
    static String packageOf(Symbol symbol) {
        return ASTHelpers.enclosingPackage(symbol)
                .map(found -> found.getQualifiedName().toString())
                .orElse("");
    }

    private static String name(Attribute.Compound mark) {
        return mark.type.tsym.flatName().toString();
    }
}
