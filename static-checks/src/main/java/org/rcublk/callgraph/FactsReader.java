// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InnerClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/** Turns class files into facts. */
final class FactsReader {
    private static final int MAGIC = 0xcafebabe;

    /** The newest class files that ASM reads. A test sees to it that a newer ASM brings a newer version here. */
    static final int NEWEST = Opcodes.V28;

    private static final String RULES = "org/rcublk/annotation/";

    private FactsReader() {}

    /** Reads one class file; of a class that is not analysed, only what it declares. */
    static ClassFacts read(byte[] bytes, String where, boolean analysed) throws CallGraphException {
        ClassNode node = new ClassNode();
        try {
            int skip = analysed ? 0 : ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG;
            new ClassReader(bytes).accept(node, skip | ClassReader.SKIP_FRAMES);
            return facts(node, analysed);
        } catch (RuntimeException | AnalyzerException e) {
            // ASM says by any unchecked exception that a class file is not one.
            throw new CallGraphException("cannot read the class file " + where + ": " + fault(bytes, e), e);
        }
    }

    private static String fault(byte[] bytes, Exception thrown) {
        int version = version(bytes);
        if (version > NEWEST) {
            return "class file version " + version + ", read up to " + NEWEST
                    + ": use a newer rcublk, or --exclude its package";
        }
        String what = thrown.toString().lines().findFirst().orElse("");
        return "it is corrupt (" + what + "): build or fetch it again, or --exclude its package";
    }

    /** The major version, or 0 if it does not begin as a class file does. */
    private static int version(byte[] bytes) {
        boolean whole = bytes.length > 7 && ByteBuffer.wrap(bytes).getInt() == MAGIC;
        return whole ? ByteBuffer.wrap(bytes).getShort(6) & 0xffff : 0;
    }

    private static ClassFacts facts(ClassNode node, boolean analysed) throws AnalyzerException {
        ClassFacts facts = new ClassFacts(
                node.name,
                node.superName,
                List.copyOf(node.interfaces),
                node.access,
                analysed,
                names(node.invisibleAnnotations, node.visibleAnnotations));
        facts.sourceFile = node.sourceFile;
        facts.outer = outer(node);
        facts.anonymous =
                node.innerClasses.stream().anyMatch(inner -> inner.name.equals(node.name) && inner.innerName == null);
        for (FieldNode field : node.fields) {
            facts.fields.put(field.name, names(field.invisibleAnnotations, field.visibleAnnotations));
        }
        for (MethodNode method : node.methods) {
            MethodFacts read = method(node, method);
            facts.add(read);
            if (analysed && method.instructions.size() > 0) {
                new CodeReader(facts, node, method, read).read();
            }
        }
        return facts;
    }

    private static @Nullable String outer(ClassNode node) {
        if (node.outerClass != null) {
            return node.outerClass;
        }
        for (InnerClassNode inner : node.innerClasses) {
            if (inner.name.equals(node.name)) {
                return inner.outerName;
            }
        }
        return null;
    }

    private static MethodFacts method(ClassNode owner, MethodNode method) {
        int count = Type.getArgumentCount(method.desc);
        List<Set<String>> parameters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parameters.add(new HashSet<>());
        }
        add(parameters, method.invisibleParameterAnnotations, method.invisibleAnnotableParameterCount);
        add(parameters, method.visibleParameterAnnotations, method.visibleAnnotableParameterCount);
        return new MethodFacts(
                owner.name,
                method.name,
                method.desc,
                method.access,
                names(method.invisibleAnnotations, method.visibleAnnotations),
                parameters);
    }

    /** Constructors of inner classes have parameters that no source names, in front: those are not counted. */
    private static void add(List<Set<String>> to, @Nullable List<AnnotationNode> @Nullable [] annotated, int counted) {
        if (annotated == null) {
            return;
        }
        int hidden = counted > 0 && counted < to.size() ? to.size() - counted : 0;
        for (int i = 0; i < annotated.length && i + hidden < to.size(); i++) {
            to.get(i + hidden).addAll(names(annotated[i], null));
        }
    }

    private static Set<String> names(@Nullable List<AnnotationNode> invisible, @Nullable List<AnnotationNode> visible) {
        Set<String> names = new HashSet<>();
        for (List<AnnotationNode> list : new ArrayList<>(Arrays.asList(invisible, visible))) {
            if (list != null) {
                list.forEach(annotation -> add(names, annotation.desc.substring(1, annotation.desc.length() - 1)));
            }
        }
        return names;
    }

    /** By its simple name, unless that is a threading rule's and the annotation is somebody else's. */
    private static void add(Set<String> names, String annotation) {
        String simple = annotation.substring(Math.max(annotation.lastIndexOf('/'), annotation.lastIndexOf('$')) + 1);
        if (!Rules.NAMES.contains(simple) || annotation.equals(RULES + simple)) {
            names.add(simple);
        }
    }
}
