// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import static org.objectweb.asm.Opcodes.ATHROW;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IRETURN;
import static org.objectweb.asm.Opcodes.RETURN;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/** Finds the instructions after which a method can only throw: those that put an exception together. */
final class ThrowingCode {
    private ThrowingCode() {}

    /** By instruction: every way on ends in a throw. A loop that never ends is not one. */
    static boolean[] of(InsnList code) {
        boolean[] throwing = new boolean[code.size()];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = code.size() - 1; i >= 0; i--) {
                if (!throwing[i] && onlyThrows(code, i, throwing)) {
                    throwing[i] = true;
                    changed = true;
                }
            }
        }
        return throwing;
    }

    private static boolean onlyThrows(InsnList code, int index, boolean[] throwing) {
        AbstractInsnNode instruction = code.get(index);
        int opcode = instruction.getOpcode();
        if (opcode == ATHROW) {
            return true;
        }
        if (instruction instanceof InsnNode && opcode >= IRETURN && opcode <= RETURN) {
            return false;
        }
        for (LabelNode target : targets(instruction)) {
            if (!throwing[code.indexOf(target)]) {
                return false;
            }
        }
        boolean falls = opcode != GOTO
                && !(instruction instanceof TableSwitchInsnNode)
                && !(instruction instanceof LookupSwitchInsnNode);
        return !falls || (index + 1 < code.size() && throwing[index + 1]);
    }

    private static List<LabelNode> targets(AbstractInsnNode instruction) {
        return switch (instruction) {
            case JumpInsnNode jump -> List.of(jump.label);
            case TableSwitchInsnNode table -> with(table.labels, table.dflt);
            case LookupSwitchInsnNode lookup -> with(lookup.labels, lookup.dflt);
            default -> List.of();
        };
    }

    private static List<LabelNode> with(List<LabelNode> labels, LabelNode more) {
        List<LabelNode> all = new ArrayList<>(labels);
        all.add(more);
        return all;
    }
}
