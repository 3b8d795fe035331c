// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.thread;

import com.google.errorprone.VisitorState;
import com.google.errorprone.suppliers.Supplier;
import com.google.errorprone.suppliers.Suppliers;
import com.google.errorprone.util.ASTHelpers;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The JDK's ways to let another thread run a function that is passed to them. */
final class HandOvers {
    private static final Set<String> ALL = Set.of();
    private static final List<Map.Entry<Supplier<Type>, Set<String>>> KNOWN = List.of(
            Map.entry(Suppliers.typeFromString("java.util.concurrent.ExecutorService"), ALL),
            Map.entry(Suppliers.typeFromString("java.util.concurrent.Executor"), Set.of("execute")),
            Map.entry(Suppliers.typeFromString("java.util.concurrent.CompletionService"), Set.of("submit")),
            Map.entry(Suppliers.typeFromString("java.util.concurrent.ThreadFactory"), ALL),
            Map.entry(Suppliers.typeFromString("java.util.concurrent.FutureTask"), ALL),
            Map.entry(Suppliers.typeFromString("java.lang.Thread"), ALL),
            Map.entry(Suppliers.typeFromString("java.lang.Thread.Builder"), ALL),
            Map.entry(Suppliers.typeFromString("java.lang.ref.Cleaner"), ALL));

    private HandOvers() {}

    static boolean isOne(MethodSymbol method, VisitorState state) {
        return isAsync(method)
                || KNOWN.stream()
                        .anyMatch(known -> (known.getValue().isEmpty()
                                        || known.getValue()
                                                .contains(method.getSimpleName().toString()))
                                && ASTHelpers.isSubtype(
                                        method.owner.type, known.getKey().get(state), state));
    }

    private static boolean isAsync(MethodSymbol method) {
        return method.getSimpleName().toString().endsWith("Async")
                && Annotations.packageOf(method).equals("java.util.concurrent");
    }
}
