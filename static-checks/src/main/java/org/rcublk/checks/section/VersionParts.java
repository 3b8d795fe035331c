// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.google.errorprone.VisitorState;
import com.google.errorprone.util.ASTHelpers;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import java.util.Set;

/**
 * Classes whose objects a version is made of: those of the graph's package; those that extend a node, an edge or a root, or
 * describe a change; and the plans that I/O follows.
 */
final class VersionParts {
    private static final String PACKAGE = "org.rcublk.graph";
    private static final Set<String> BASES = Set.of(
            "org.rcublk.graph.BlockNode",
            "org.rcublk.graph.Edge",
            "org.rcublk.graph.GraphRoot",
            "org.rcublk.graph.GraphChange",
            "org.rcublk.io.PlanNode");

    private VersionParts() {}

    static boolean isField(VarSymbol variable, VisitorState state) {
        return StableText.isField(variable) && isPart(variable.owner, state);
    }

    static boolean isPart(Symbol symbol, VisitorState state) {
        ClassSymbol type = symbol.enclClass();
        if (type == null) {
            return false;
        }
        if (ASTHelpers.enclosingPackage(type).orElseThrow().getQualifiedName().contentEquals(PACKAGE)) {
            return true;
        }
        for (Type at : state.getTypes().closure(type.type)) {
            if (BASES.contains(at.tsym.getQualifiedName().toString())) {
                return true;
            }
        }
        return false;
    }
}
