// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.ordering;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Holds the orderings that no run on x86 can hold: reads the byte code of the classes that contain them and compares the
 * access modes of each method with a list. x86 orders all but a store and a later load of another word, so an acquire
 * load where a volatile one is needed, or an opaque store where a release is, passes every test there and fails on
 * hardware that orders less.
 *
 * <p>The list is exact: an access that is new, or gone, or of another mode, is a finding. Whoever changes one of these
 * methods changes the list with it, and says there what the access pairs with. Branches of negative controls are in the
 * byte code too, and so in the list.
 */
final class AccessModes {
    private static final String VAR_HANDLE = "java/lang/invoke/VarHandle";
    private static final String SLOTS = "org/rcublk/rcu/SlotTable";
    private static final String PERIODS = "org/rcublk/rcu/GracePeriods";
    private static final String PUBLISHER = "org/rcublk/graph/Publisher";

    /** Class and method, and the modes of its accesses in order. */
    private static final Map<String, List<String>> EXPECTED = new TreeMap<>(Map.ofEntries(
            // A begin: volatile order against the load of what is protected. (Control no-store-load: get, setRelease.)
            Map.entry(SLOTS + ".lock", List.of("get", "setRelease", "getAndAdd")),
            // A fork: release, for the parent's end carries it.
            Map.entry(SLOTS + ".lockForked", List.of("get", "setRelease")),
            // An end: release, pairs with the acquire loads of the scan.
            Map.entry(SLOTS + ".unlock", List.of("get", "setRelease")),
            // A guest: atomic and volatile at both ends. (Control guest-no-rmw: the first two.)
            Map.entry(SLOTS + ".addToStripe", List.of("getVolatile", "setVolatile", "getAndAdd")),
            // Ends first, a full fence, then begins.
            Map.entry(SLOTS + ".quiet", List.of("fullFence")),
            Map.entry(SLOTS + ".unlocks", List.of("getAcquire")),
            Map.entry(SLOTS + ".locks", List.of("getVolatile")),
            // A new table or stripes: volatile, so that whoever counts in them later finds them in every scan's load.
            Map.entry(SLOTS + ".replace", List.of("compareAndSet")),
            Map.entry(SLOTS + ".createStripes", List.of("compareAndSet")),
            // The rank may be stale, so opaque is enough.
            Map.entry(PERIODS + ".rank", List.of("getOpaque")),
            Map.entry(PERIODS + ".flip", List.of("getAndBitwiseXor")),
            Map.entry(PERIODS + ".close", List.of("getAndBitwiseOr")),
            // What was published before a request must be visible to whoever begins after the grace period.
            Map.entry(PERIODS + ".request", List.of("fullFence")),
            Map.entry(PERIODS + ".raise", List.of("weakCompareAndSet")),
            Map.entry(PERIODS + ".step", List.of("compareAndSet")),
            Map.entry(PERIODS + ".advance", List.of("fullFence")),
            // The load of the version is of the volatile field itself, and publication is by compare-and-set only.
            Map.entry(PUBLISHER + ".exchange", List.of("compareAndSet"))));

    /** Fields whose plain syntax is a volatile access. */
    private static final Map<String, List<String>> VOLATILE = new TreeMap<>(Map.of(
            SLOTS,
            List.of("chunks", "stripes"),
            PERIODS,
            List.of("rank", "sequence", "requested", "stepper"),
            "org/rcublk/rcu/GracePeriodDriver",
            List.of("parked"),
            "org/rcublk/rcu/RetireQueue",
            List.of("done"),
            PUBLISHER,
            List.of("current")));

    private AccessModes() {}

    /**
     * Compares the byte code with the list.
     *
     * @param edit gets a class's internal name and its byte code, and returns what is to be checked in its place
     * @return findings, empty if all is as it should be
     */
    static List<String> findings(BiFunction<String, byte[], byte[]> edit) {
        List<String> findings = new ArrayList<>();
        for (String type : VOLATILE.keySet()) {
            Map<String, List<String>> seen = new TreeMap<>();
            List<String> plain = new ArrayList<>(VOLATILE.getOrDefault(type, List.of()));
            read(edit.apply(type, byteCode(type)), type, seen, plain);
            plain.forEach(field -> findings.add(type + "." + field + " is not a volatile field"));
            EXPECTED.forEach((method, modes) -> {
                if (method.startsWith(type + ".") && !seen.containsKey(method)) {
                    findings.add(method + " has no access any more; expected " + modes);
                }
            });
            seen.forEach((method, modes) -> {
                List<String> expected = EXPECTED.getOrDefault(method, List.of());
                if (!distinctInOrder(modes).equals(expected)) {
                    findings.add(method + " accesses by " + modes + ", expected " + expected);
                }
            });
        }
        return findings;
    }

    private static List<String> distinctInOrder(List<String> modes) {
        return modes.stream().distinct().toList();
    }

    private static byte[] byteCode(String type) {
        try (InputStream in = AccessModes.class.getResourceAsStream("/" + type + ".class")) {
            if (in == null) {
                throw new IllegalStateException(type + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(type, e);
        }
    }

    private static void read(byte[] code, String type, Map<String, List<String>> seen, List<String> plain) {
        ClassModel model = ClassFile.of().parse(code);
        model.fields().stream()
                .filter(field -> field.flags().has(AccessFlag.VOLATILE))
                .forEach(field -> plain.remove(field.fieldName().stringValue()));
        for (MethodModel method : model.methods()) {
            method.code()
                    .ifPresent(body -> body.forEach(element -> {
                        if (element instanceof InvokeInstruction call
                                && call.owner().asInternalName().equals(VAR_HANDLE)) {
                            seen.computeIfAbsent(
                                            type + "." + method.methodName().stringValue(), m -> new ArrayList<>())
                                    .add(call.name().stringValue());
                        }
                    }));
        }
    }
}
