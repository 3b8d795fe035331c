// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/** Where the values on the stack of one method come from, through its local variables, casts and array elements. */
final class Origins {
    private final @Nullable Frame<SourceValue>[] frames;
    private final Map<AbstractInsnNode, Origin> known = new HashMap<>();

    Origins(ClassNode owner, MethodNode method) throws AnalyzerException {
        this.frames = new Analyzer<>(new Tracking(known)).analyze(owner.name, method);
    }

    /** Says what an instruction makes. */
    void learn(AbstractInsnNode instruction, Origin origin) {
        known.put(instruction, origin);
    }

    /** False for code that nothing leads to. */
    boolean reached(int index) {
        return frames[index] != null;
    }

    /** Origins of the value that lies {@code depth} values below the top before the instruction of this index. */
    Set<Origin> stack(int index, int depth) {
        Frame<SourceValue> frame = frames[index];
        if (frame == null) {
            return Set.of();
        }
        Set<Origin> origins = new LinkedHashSet<>();
        Collection<AbstractInsnNode> sources = frame.getStack(frame.getStackSize() - 1 - depth).insns;
        for (AbstractInsnNode source : sources) {
            Origin origin = known.get(source);
            if (origin != null) {
                origins.add(origin);
            }
        }
        return origins.isEmpty() ? Set.of() : origins;
    }

    private static final class Tracking extends SourceInterpreter {
        private final Map<AbstractInsnNode, Origin> known;

        Tracking(Map<AbstractInsnNode, Origin> known) {
            super(Opcodes.ASM9);
            this.known = known;
        }

        @Override
        public SourceValue newParameterValue(boolean isInstanceMethod, int local, Type type) {
            // An instruction that is in no code stands for the parameter; CodeReader learns by it which one it is.
            AbstractInsnNode stand = new InsnNode(Opcodes.NOP);
            known.put(stand, new Origin.Parameter(local));
            return new SourceValue(type.getSize(), stand);
        }

        @Override
        public SourceValue copyOperation(AbstractInsnNode instruction, SourceValue value) {
            return value;
        }

        @Override
        public SourceValue unaryOperation(AbstractInsnNode instruction, SourceValue value) {
            return instruction.getOpcode() == Opcodes.CHECKCAST ? value : super.unaryOperation(instruction, value);
        }

        @Override
        public SourceValue binaryOperation(AbstractInsnNode instruction, SourceValue first, SourceValue second) {
            return instruction.getOpcode() == Opcodes.AALOAD
                    ? first
                    : super.binaryOperation(instruction, first, second);
        }
    }
}
