// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The methods that are known to stop their caller, read from the text resource {@code blocking.txt} beside this class.
 *
 * <p>It knows methods by owner, name and descriptor as they stand in byte code, and nothing about types: a caller that
 * looks up a method asks first about its owner, then about each supertype that declares a method which it overrides, and
 * stops at the first answer that is not {@link Answer#UNLISTED}. Immutable, and safe on all threads.
 */
public final class BlockingMethods {
    /** What the list says of one method of one owner. */
    public enum Answer {
        /** The method may stop its caller. */
        BLOCKS,
        /** The method does not stop its caller, though one that it overrides may. */
        HARMLESS,
        /** The list does not name it: ask about what it overrides. */
        UNLISTED
    }

    /**
     * One line of the list.
     *
     * @param owner the internal name of the declaring class, such as {@code java/lang/Thread}
     * @param method the name, {@code <init>} for constructors, {@code *} for all
     * @param parameters the parameters' part of a descriptor without the parentheses, or {@code *} for all overloads
     * @param blocks whether it blocks, or is excepted
     */
    public record Entry(String owner, String method, String parameters, boolean blocks) {
        private boolean fits(String name, String ofDescriptor) {
            return (method.equals("*") || method.equals(name))
                    && (parameters.equals("*") || parameters.equals(ofDescriptor));
        }
    }

    private static final String RESOURCE = "blocking.txt";
    private static final BlockingMethods KNOWN = ofResource();

    private final Map<String, List<Entry>> byOwner = new LinkedHashMap<>();

    private BlockingMethods(Collection<Entry> entries) {
        for (Entry entry : entries) {
            byOwner.computeIfAbsent(entry.owner(), _ -> new ArrayList<>()).add(entry);
        }
    }

    /**
     * The project's list.
     *
     * @return the list in {@code blocking.txt}
     */
    public static BlockingMethods known() {
        return KNOWN;
    }

    /**
     * Reads a list.
     *
     * @param lines the lines, in the form that {@code blocking.txt} describes
     * @return the list
     * @throws IllegalArgumentException if a line is not of that form
     */
    public static BlockingMethods parse(Collection<String> lines) {
        return new BlockingMethods(lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(BlockingMethods::entry)
                .toList());
    }

    /**
     * Adds lines to a list.
     *
     * @param more what to add; its lines of an owner come before those of this list
     * @return a list of both
     */
    public BlockingMethods plus(BlockingMethods more) {
        List<Entry> all = new ArrayList<>(more.entries());
        all.addAll(entries());
        return new BlockingMethods(all);
    }

    /**
     * Whether the list names this method as one that blocks.
     *
     * @param ownerInternalName the declaring class, such as {@code java/lang/Thread}
     * @param method the name, {@code <init>} for a constructor
     * @param descriptor the descriptor, with or without the return type
     * @return true if it blocks
     */
    public boolean blocks(String ownerInternalName, String method, String descriptor) {
        return answer(ownerInternalName, method, descriptor) == Answer.BLOCKS;
    }

    /**
     * What the list says of this method.
     *
     * @param ownerInternalName the declaring class, such as {@code java/lang/Thread}
     * @param method the name, {@code <init>} for a constructor
     * @param descriptor the descriptor, with or without the return type
     * @return the first line of this owner that fits, or {@link Answer#UNLISTED}
     */
    public Answer answer(String ownerInternalName, String method, String descriptor) {
        List<Entry> entries = byOwner.getOrDefault(ownerInternalName, List.of());
        if (entries.isEmpty()) {
            return Answer.UNLISTED;
        }
        String parameters = descriptor.substring(1, descriptor.lastIndexOf(')'));
        for (Entry entry : entries) {
            if (entry.fits(method, parameters)) {
                return entry.blocks() ? Answer.BLOCKS : Answer.HARMLESS;
            }
        }
        return Answer.UNLISTED;
    }

    /**
     * The whole list.
     *
     * @return the entries, those of one owner together and in order
     */
    public List<Entry> entries() {
        return byOwner.values().stream().flatMap(List::stream).toList();
    }

    private static Entry entry(String line) {
        boolean blocks = !line.startsWith("!");
        int start = blocks ? 0 : 1;
        int hash = line.indexOf('#');
        int open = line.indexOf('(');
        if (hash <= start || open <= hash + 1 || !line.endsWith(")")) {
            throw new IllegalArgumentException("not owner#method(parameters): " + line);
        }
        return new Entry(
                line.substring(start, hash),
                line.substring(hash + 1, open),
                line.substring(open + 1, line.length() - 1),
                blocks);
    }

    private static BlockingMethods ofResource() {
        try (InputStream in = BlockingMethods.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not beside " + BlockingMethods.class);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
