// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The JDK's methods that let another thread run the function or object that is passed to them, read from the text resource
 * {@code handover.txt} beside this class.
 *
 * <p>It knows methods by owner and name as they stand in byte code, and nothing about types: a caller that looks up a
 * method asks about its owner and about each of the owner's supertypes. Immutable, and safe on all threads.
 */
public final class HandOverMethods {
    /**
     * One line of the list.
     *
     * @param owner the internal name of the declaring class, such as {@code java/lang/Thread}
     * @param method the name, {@code <init>} for constructors, {@code *} for all
     * @param reason who runs what is passed
     */
    public record Entry(String owner, String method, String reason) {}

    private static final String RESOURCE = "handover.txt";
    private static final String REASON = " : ";
    private static final String ALL = "*";
    private static final HandOverMethods KNOWN = ofResource();

    private final List<Entry> entries;
    private final Map<String, Set<String>> byOwner = new HashMap<>();

    private HandOverMethods(List<Entry> entries) {
        this.entries = entries;
        for (Entry entry : entries) {
            byOwner.computeIfAbsent(entry.owner(), _ -> new HashSet<>()).add(entry.method());
        }
    }

    /**
     * The project's list.
     *
     * @return the list in {@code handover.txt}
     */
    public static HandOverMethods known() {
        return KNOWN;
    }

    /**
     * Reads a list.
     *
     * @param lines the lines, in the form that {@code handover.txt} describes
     * @return the list
     * @throws IllegalArgumentException if a line is not of that form, or gives no reason
     */
    public static HandOverMethods parse(Collection<String> lines) {
        return new HandOverMethods(lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(HandOverMethods::entry)
                .toList());
    }

    /**
     * Whether the list names this method of this owner.
     *
     * @param ownerInternalName the class to ask about, such as {@code java/lang/Thread}
     * @param method the name, {@code <init>} for a constructor
     * @return true if another thread runs what is passed
     */
    public boolean handsOver(String ownerInternalName, String method) {
        Set<String> names = byOwner.getOrDefault(ownerInternalName, Set.of());
        return names.contains(method) || names.contains(ALL);
    }

    /**
     * The whole list.
     *
     * @return the entries in order
     */
    public List<Entry> entries() {
        return entries;
    }

    private static Entry entry(String line) {
        int hash = line.indexOf('#');
        int reason = line.indexOf(REASON);
        if (hash <= 0 || reason <= hash + 1) {
            throw new IllegalArgumentException("not owner#method : reason: " + line);
        }
        return new Entry(
                line.substring(0, hash),
                line.substring(hash + 1, reason).strip(),
                line.substring(reason + REASON.length()).strip());
    }

    private static HandOverMethods ofResource() {
        try (InputStream in = HandOverMethods.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not beside " + HandOverMethods.class);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
