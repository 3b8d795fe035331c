// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.objectweb.asm.Type;

/** Names of byte code as Java writes them. */
final class Names {
    private Names() {}

    /** Of an internal name or array descriptor: {@code java.util.Map$Entry}, {@code long[]}. */
    static String type(String internal) {
        return internal.startsWith("[") ? Type.getType(internal).getClassName() : internal.replace('/', '.');
    }

    /** The parameters in parentheses, types in full: {@code (int, java.lang.String)}. */
    static String parameters(String descriptor) {
        return Arrays.stream(Type.getArgumentTypes(descriptor))
                .map(Type::getClassName)
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
