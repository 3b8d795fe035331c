// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/** Reads the code of one method into its facts. */
final class CodeReader {
    private static final String BOXES = "Boolean Byte Character Short Integer Long Float Double";
    private static final Set<String> BOXED = new HashSet<>(Arrays.asList(BOXES.split(" ", -1)));

    /** Descriptors by operand of NEWARRAY, from T_BOOLEAN = 4 on. */
    private static final String PRIMITIVES = "    ZCFDBSIJ";

    private final ClassFacts owner;
    private final MethodFacts facts;
    private final MethodNode method;
    private final Origins origins;
    private final boolean[] throwing;
    private int line;

    CodeReader(ClassFacts owner, ClassNode node, MethodNode method, MethodFacts facts) throws AnalyzerException {
        this.owner = owner;
        this.facts = facts;
        this.method = method;
        this.origins = new Origins(node, method);
        this.throwing = ThrowingCode.of(method.instructions);
    }

    /** Twice: a value may be used before, in the order of the code, the instruction that makes it. */
    void read() {
        List<Runnable> uses = new ArrayList<>();
        for (int i = 0; i < method.instructions.size(); i++) {
            AbstractInsnNode instruction = method.instructions.get(i);
            if (instruction instanceof LineNumberNode number) {
                line = number.line;
                facts.line = facts.line == 0 ? line : Math.min(facts.line, line);
            } else if (instruction.getOpcode() >= 0 && origins.reached(i)) {
                make(instruction, i, uses);
            }
        }
        uses.forEach(Runnable::run);
    }

    private void make(AbstractInsnNode instruction, int index, List<Runnable> uses) {
        switch (instruction) {
            case MethodInsnNode call -> call(call, index, uses);
            case FieldInsnNode field -> field(field, index, uses);
            case TypeInsnNode type -> type(type, index);
            case MultiANewArrayInsnNode array -> created(array, index, Allocation.Kind.ARRAY, array.desc);
            case IntInsnNode array
            when array.getOpcode() == Opcodes.NEWARRAY ->
                created(array, index, Allocation.Kind.ARRAY, "[" + PRIMITIVES.charAt(array.operand));
            case InvokeDynamicInsnNode dynamic -> dynamic(dynamic, index, uses);
            default -> other(instruction.getOpcode(), index, uses);
        }
    }

    private void call(MethodInsnNode node, int index, List<Runnable> uses) {
        Call.Kind kind = switch (node.getOpcode()) {
            case Opcodes.INVOKESTATIC -> Call.Kind.STATIC;
            case Opcodes.INVOKESPECIAL -> Call.Kind.SPECIAL;
            default -> Call.Kind.VIRTUAL;
        };
        int count = Type.getArgumentCount(node.desc) + (kind == Call.Kind.STATIC ? 0 : 1);
        List<Set<Origin>> arguments = new ArrayList<>();
        String target = node.owner.startsWith("[") ? "java/lang/Object" : node.owner; // an array's clone
        Call call = new Call(kind, new MethodRef(target, node.name, node.desc), line, throwing[index], arguments);
        facts.calls.add(call);
        origins.learn(node, call);
        uses.add(() -> arguments.addAll(arguments(index, count)));
        if (kind == Call.Kind.STATIC) {
            facts.initialised.add(new MethodFacts.TypeUse(target, line));
            boolean boxes = node.name.equals("valueOf")
                    && node.owner.startsWith("java/lang/")
                    && BOXED.contains(node.owner.substring("java/lang/".length()))
                    && node.desc.charAt(1) != 'L';
            if (boxes) {
                allocates(index, Allocation.Kind.BOXING, readable(node.owner));
            }
        } else if (node.name.equals("iterator") && node.desc.equals("()Ljava/util/Iterator;")) {
            allocates(index, Allocation.Kind.ITERATOR, readable(node.owner));
        }
    }

    private List<Set<Origin>> arguments(int index, int count) {
        List<Set<Origin>> found = new ArrayList<>();
        for (int i = count - 1; i >= 0; i--) {
            found.add(byPosition(origins.stack(index, i)));
        }
        return found;
    }

    private void field(FieldInsnNode node, int index, List<Runnable> uses) {
        int opcode = node.getOpcode();
        boolean write = opcode == Opcodes.PUTFIELD || opcode == Opcodes.PUTSTATIC;
        facts.fieldAccesses.add(new MethodFacts.FieldAccess(node.owner, node.name, write, line));
        if (opcode == Opcodes.GETSTATIC || opcode == Opcodes.PUTSTATIC) {
            facts.initialised.add(new MethodFacts.TypeUse(node.owner, line));
        }
        Origin field = new Origin.Field(node.owner, node.name);
        if (write) {
            uses.add(() -> store(byPosition(origins.stack(index, 0)), Set.of(field)));
        } else {
            origins.learn(node, field);
        }
    }

    private void type(TypeInsnNode node, int index) {
        if (node.getOpcode() == Opcodes.NEW) {
            facts.initialised.add(new MethodFacts.TypeUse(node.desc, line));
            created(node, index, Allocation.Kind.NEW, node.desc);
        } else if (node.getOpcode() == Opcodes.ANEWARRAY) {
            created(node, index, Allocation.Kind.ARRAY, arrayOf(node.desc));
        }
    }

    private void created(AbstractInsnNode node, int index, Allocation.Kind kind, String type) {
        origins.learn(node, new Origin.Created(type));
        allocates(index, kind, type.isEmpty() ? "" : readable(type));
    }

    private void dynamic(InvokeDynamicInsnNode node, int index, List<Runnable> uses) {
        String bootstrap = node.bsm.getOwner();
        if (bootstrap.equals("java/lang/invoke/StringConcatFactory")) {
            allocates(index, Allocation.Kind.CONCATENATION, "");
        }
        if (!bootstrap.equals("java/lang/invoke/LambdaMetafactory")) {
            return; // switches over types, and the methods of records: they call nothing of the program's but accessors
        }
        Type methodType = (Type) node.bsmArgs[0];
        Handle handle = (Handle) node.bsmArgs[1];
        Type captured = Type.getMethodType(node.desc);
        MethodRef body = MethodReferences.body(owner, facts, handle, captured, methodType, line);
        String type = captured.getReturnType().getInternalName();
        List<Set<Origin>> values = new ArrayList<>();
        FunctionSite site = new FunctionSite(type, node.name, methodType.getDescriptor(), body, values, line);
        facts.functions.add(site);
        origins.learn(node, site);
        int count = captured.getArgumentCount();
        uses.add(() -> values.addAll(arguments(index, count)));
        if (count > 0) {
            allocates(index, Allocation.Kind.LAMBDA, readable(type));
        }
    }

    private void other(int opcode, int index, List<Runnable> uses) {
        switch (opcode) {
            case Opcodes.MONITORENTER -> facts.monitors.add(line);
            case Opcodes.ARETURN -> uses.add(() -> facts.returned.add(byPosition(origins.stack(index, 0))));
            case Opcodes.AASTORE ->
                uses.add(() -> store(byPosition(origins.stack(index, 0)), byPosition(origins.stack(index, 2))));
            default -> {}
        }
    }

    private void store(Set<Origin> value, Set<Origin> into) {
        if (!value.isEmpty() && !into.isEmpty()) {
            facts.stores.add(new MethodFacts.Store(value, into));
        }
    }

    private void allocates(int index, Allocation.Kind kind, String type) {
        if (!throwing[index]) {
            facts.allocations.add(new Allocation(kind, type, line));
        }
    }

    /** Parameters are known by local variable, of which a long takes two: here they become positions. */
    private Set<Origin> byPosition(Set<Origin> found) {
        Set<Origin> result = new HashSet<>();
        for (Origin origin : found) {
            result.add(origin instanceof Origin.Parameter(int local) ? new Origin.Parameter(position(local)) : origin);
        }
        return result;
    }

    private int position(int local) {
        int next = facts.isStatic() ? 0 : 1;
        int position = next;
        if (local == 0 && next == 1) {
            return 0;
        }
        for (Type type : Type.getArgumentTypes(facts.descriptor)) {
            if (next == local) {
                return position;
            }
            next += type.getSize();
            position++;
        }
        return position;
    }

    private static String arrayOf(String element) {
        return element.startsWith("[") ? "[" + element : "[L" + element + ";";
    }

    private static String readable(String type) {
        return Names.type(type);
    }
}
