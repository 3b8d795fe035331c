// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.sun.source.tree.Tree;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rcublk.checks.section.Section.Ownership;
import org.rcublk.checks.section.Section.Status;

/**
 * What is known at one point of one path: values of variables, how far each section has come, and which conditions held.
 * Immutable. A variable is a symbol, or the tree of a switch expression that is about to yield.
 */
final class PathState {
    private final Map<Object, Value> variables;
    private final Map<Section, Status> sections;
    private final Map<Condition, Boolean> facts;

    /** Where the path left by a jump; no part of equality, so that one of many places stands for all. */
    private final @Nullable Tree leaving;

    private PathState(
            Map<Object, Value> variables,
            Map<Section, Status> sections,
            Map<Condition, Boolean> facts,
            @Nullable Tree leaving) {
        this.variables = variables;
        this.sections = sections;
        this.facts = facts;
        this.leaving = leaving;
    }

    static PathState start(boolean callerHolds) {
        Map<Section, Status> sections = callerHolds ? Map.of(Section.OF_CALLER, Status.GIVEN) : Map.of();
        return new PathState(Map.of(), sections, Map.of(), null);
    }

    Value value(@Nullable Object variable) {
        return variable == null ? Values.UNKNOWN : variables.getOrDefault(variable, Values.UNKNOWN);
    }

    PathState assign(Object variable, Value value) {
        Map<Object, Value> next = new HashMap<>(variables);
        if (value.equals(Values.UNKNOWN)) {
            next.remove(variable);
        } else {
            next.put(variable, value);
        }
        Map<Condition, Boolean> kept = facts;
        if (facts.keySet().stream().anyMatch(fact -> fact.variables().contains(variable))) {
            kept = new HashMap<>(facts);
            kept.keySet().removeIf(fact -> fact.variables().contains(variable));
        }
        return new PathState(next, sections, kept, leaving);
    }

    /** The state once variables have gone out of scope, and with them the ended sections that nothing else refers to. */
    PathState without(Collection<?> gone) {
        PathState state = this;
        for (Object variable : gone) {
            state = state.assign(variable, Values.UNKNOWN);
        }
        Map<Object, Value> left = state.variables;
        Map<Section, Status> kept = new LinkedHashMap<>(sections);
        kept.entrySet()
                .removeIf(entry -> entry.getValue() == Status.ENDED
                        && left.values().stream().noneMatch(value -> value.refersTo(entry.getKey())));
        return new PathState(left, kept, state.facts, leaving);
    }

    @Nullable
    Status status(Section section) {
        return sections.get(section);
    }

    boolean ended(Section section) {
        return status(section) == Status.ENDED;
    }

    PathState with(Section section, Status status) {
        Map<Section, Status> next = new LinkedHashMap<>(sections);
        next.put(section, status);
        return new PathState(variables, next, facts, leaving);
    }

    /** The section begins; what its place began in an earlier round keeps its status under another name. */
    PathState begin(Section section) {
        if (!sections.containsKey(section)) {
            return with(section, Status.OPEN);
        }
        Section earlier = section.asEarlier();
        Map<Object, Value> values = new HashMap<>();
        variables.forEach((variable, value) -> {
            if (!value.refersTo(earlier)) {
                values.put(variable, value.renamed(section, earlier));
            }
        });
        Map<Section, Status> next = new LinkedHashMap<>(sections);
        next.put(earlier, Objects.requireNonNull(sections.get(section)));
        next.put(section, Status.OPEN);
        return new PathState(values, next, facts, leaving);
    }

    /** What is protected by a section that a fork continues stays protected by the fork. */
    PathState continued(Section parent, Section child) {
        Map<Object, Value> values = new HashMap<>(variables);
        values.replaceAll((variable, value) ->
                value instanceof Value.Loaded loaded && loaded.refersTo(parent) ? loaded.with(child) : value);
        return new PathState(values, sections, facts, leaving);
    }

    /** Whether a variable has the section's token or object. */
    boolean isHeldByVariable(Section section) {
        return variables.containsValue(new Value.Of(section));
    }

    /** The sections that have not ended. */
    Set<Section> open() {
        Set<Section> open = new LinkedHashSet<>();
        sections.forEach((section, status) -> {
            if (status != Status.ENDED) {
                open.add(section);
            }
        });
        return open;
    }

    /** The sections that the body began and nobody ends yet. */
    Set<Section> owed() {
        Set<Section> owed = open();
        owed.removeIf(section -> section.ownership() != Ownership.OWN || status(section) != Status.OPEN);
        return owed;
    }

    @Nullable
    Boolean known(Condition condition) {
        return facts.get(condition);
    }

    PathState learn(Condition condition, boolean holds) {
        Map<Condition, Boolean> next = new HashMap<>(facts);
        next.put(condition, holds);
        return new PathState(variables, sections, next, leaving);
    }

    /** The state without what only tells conditions apart. */
    PathState weaker() {
        Map<Object, Value> values = new HashMap<>(variables);
        values.values().removeIf(value -> value instanceof Value.Constant);
        return new PathState(values, sections, Map.of(), leaving);
    }

    @Nullable
    Tree leaving() {
        return leaving;
    }

    PathState leaving(@Nullable Tree where) {
        return new PathState(variables, sections, facts, where);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathState that
                && variables.equals(that.variables)
                && sections.equals(that.sections)
                && facts.equals(that.facts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(variables, sections, facts);
    }
}
