// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.List;
import java.util.Set;

/** The place where a lambda or method reference becomes an object. Compared by identity. */
final class FunctionSite implements Origin, Receiver {
    /** The functional interface. */
    final String type;
    /** The interface's one method. */
    final String method;

    final String methodDescriptor;
    /** What runs: captured values are its first arguments, the receiver among them if it has one. */
    final MethodRef body;

    final List<Set<Origin>> captured;
    final int line;

    FunctionSite(
            String type, String method, String methodDescriptor, MethodRef body, List<Set<Origin>> captured, int line) {
        this.type = type;
        this.method = method;
        this.methodDescriptor = methodDescriptor;
        this.body = body;
        this.captured = captured;
        this.line = line;
    }
}
