// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.ordering;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Faults that x86 cannot show, as edits of the byte code: nothing runs them, {@link AccessModes} has to find each. They
 * are mutants of the table like the others, held by this check instead of by a run.
 */
final class WeakerModes {
    private record Edit(String type, String method, String from, String to) {}

    private static final Map<String, Edit> EDITS = new TreeMap<>(Map.of(
            "rcu-unlock-opaque", new Edit("org/rcublk/rcu/SlotTable", "unlock", "setRelease", "setOpaque"),
            "rcu-unlock-read-opaque", new Edit("org/rcublk/rcu/SlotTable", "unlocks", "getAcquire", "getOpaque"),
            "rcu-lock-read-opaque", new Edit("org/rcublk/rcu/SlotTable", "locks", "getVolatile", "getOpaque"),
            "rcu-fork-opaque", new Edit("org/rcublk/rcu/SlotTable", "lockForked", "setRelease", "setOpaque"),
            "rcu-lock-add-acquire", new Edit("org/rcublk/rcu/SlotTable", "lock", "getAndAdd", "getAndAddAcquire"),
            "rcu-scan-no-fence", new Edit("org/rcublk/rcu/SlotTable", "quiet", "fullFence", "acquireFence"),
            "rcu-request-no-fence", new Edit("org/rcublk/rcu/GracePeriods", "request", "fullFence", "releaseFence"),
            "graph-acquire-current", new Edit("org/rcublk/graph/Publisher", "current", "current", "getAcquire")));

    private WeakerModes() {}

    static Iterable<String> names() {
        return EDITS.keySet();
    }

    static boolean knows(String name) {
        return EDITS.containsKey(name);
    }

    /** The edit for {@link AccessModes#findings}. */
    static BiFunction<String, byte[], byte[]> edit(String name) {
        Edit edit = EDITS.get(name);
        if (edit == null) {
            throw new IllegalArgumentException("no such weaker mode: " + name + "; known are " + EDITS.keySet());
        }
        return (type, code) -> type.equals(edit.type) ? apply(edit, code) : code;
    }

    private static byte[] apply(Edit edit, byte[] code) {
        CodeTransform weaker = (builder, element) -> {
            if (element instanceof InvokeInstruction call && call.name().equalsString(edit.from)) {
                builder.invoke(call.opcode(), call.owner().asSymbol(), edit.to, call.typeSymbol(), call.isInterface());
            } else if (element instanceof FieldInstruction field
                    && edit.from.equals(field.name().stringValue())) {
                // Never run, so what is on the stack does not matter: only that the access is there.
                builder.invokevirtual(ClassDesc.of("java.lang.invoke.VarHandle"), edit.to, ConstantDescs.MTD_void);
                builder.with(element);
            } else {
                builder.with(element);
            }
        };
        ClassFile files = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS);
        return files.transformClass(
                files.parse(code),
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString(edit.method), weaker));
    }
}
