// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The TLA+ models of {@code src/model} under TLC (guarantees A, B, C, E, F, G, H and I; docs/models.md). The negative
 * controls switch a fault on and must see the property violated that the catalogue names.
 */
class ModelTest {
    private static final Catalogue CATALOGUE = catalogue();

    private static Catalogue catalogue() {
        try {
            return Catalogue.read();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Catalogue.Check> shortChecks() {
        return CATALOGUE.checks().stream().filter(check -> !check.isLong());
    }

    static Stream<Catalogue.Check> longChecks() {
        return CATALOGUE.checks().stream().filter(Catalogue.Check::isLong);
    }

    static Stream<Catalogue.Mutant> fastMutants() {
        return CATALOGUE.mutants().stream().filter(Catalogue.Mutant::fast);
    }

    static Stream<Catalogue.Mutant> otherMutants() {
        return CATALOGUE.mutants().stream().filter(mutant -> !mutant.fast());
    }

    @ParameterizedTest
    @MethodSource("shortChecks")
    void holds(Catalogue.Check check) throws Exception {
        requireHolds(check, 300);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("longChecks")
    void holdsInLargerConfigurations(Catalogue.Check check) throws Exception {
        requireHolds(check, 3600);
    }

    @ParameterizedTest
    @MethodSource("fastMutants")
    void seesAFault(Catalogue.Mutant mutant) throws Exception {
        requireViolates(mutant);
    }

    @Tag("mutants")
    @ParameterizedTest
    @MethodSource("otherMutants")
    void seesEveryOtherFault(Catalogue.Mutant mutant) throws Exception {
        requireViolates(mutant);
    }

    @Test
    void catalogueListsEveryMutantOfTheModels() throws Exception {
        for (String model : CATALOGUE.models()) {
            TreeSet<String> listed = new TreeSet<>();
            CATALOGUE.mutants().stream()
                    .filter(mutant -> mutant.model().equals(model))
                    .forEach(mutant -> listed.add(mutant.name()));
            assertEquals(CATALOGUE.namesIn(model), listed, model);
            assertFalse(listed.isEmpty(), model + " has no negative control");
        }
    }

    private static void requireHolds(Catalogue.Check check, int seconds) throws Exception {
        TlcRun.Verdict verdict =
                new TlcRun(CATALOGUE, Tlc.patience(seconds)).run(check.model(), check.config(), List.of());
        System.out.println(check.config() + ": " + verdict.describe());
        assertEquals(TlcRun.Verdict.Kind.HOLDS, verdict.kind(), () -> check + " " + tail(verdict));
    }

    private static void requireViolates(Catalogue.Mutant mutant) throws Exception {
        TlcRun.Verdict verdict =
                new TlcRun(CATALOGUE, Tlc.patience(300)).run(mutant.model(), mutant.config(), List.of(mutant.name()));
        System.out.println(mutant + ": " + verdict.describe());
        assertEquals(TlcRun.Verdict.Kind.VIOLATED, verdict.kind(), () -> mutant + " " + tail(verdict));
        assertTrue(verdict.violated().contains(mutant.violates()), () -> mutant + " " + verdict.describe());
    }

    /** What TLC said last: the verdict and the end of the trace. */
    private static String tail(TlcRun.Verdict verdict) {
        try {
            List<String> lines = Files.readAllLines(verdict.log());
            return verdict.describe() + "\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return verdict.describe() + ", and no log: " + e;
        }
    }
}
