// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.VisitorState;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Type;
import org.rcublk.checks.HandOverMethods;

/** Finds a method in the list of those that let another thread run what is passed to them, by its class or one above. */
final class HandOvers {
    private HandOvers() {}

    static boolean isOne(MethodSymbol method, VisitorState state) {
        for (Type type : state.getTypes().closure(method.owner.type)) {
            String owner = type.tsym.flatName().toString().replace('.', '/');
            if (HandOverMethods.known().handsOver(owner, method.name.toString())) {
                return true;
            }
        }
        return false;
    }
}
