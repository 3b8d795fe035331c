// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.model;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs a TLA+ model under TLC from the command line.
 *
 * <pre>
 * Tlc --list            prints a line "MODEL mutant" for each negative control
 * Tlc MODEL             runs the model's short configurations
 * Tlc MODEL mutant...   runs it with faults, in the configuration where the first one is found fast
 * </pre>
 *
 * Exit status: 0 no error was found, 3 a property is violated (it is named), 1 anything else.
 */
public final class Tlc {
    static final int HOLDS = 0;
    static final int FAILED = 1;
    static final int VIOLATED = 3;

    /** The system property that bounds one run, in seconds. */
    static final String PATIENCE = "rcublk.models.seconds";

    private Tlc() {}

    /**
     * Runs it.
     *
     * @param args as above
     */
    public static void main(String[] args) {
        int status;
        try {
            status = run(List.of(args), System.out);
        } catch (IOException | RuntimeException e) {
            System.err.println("Tlc: " + e);
            status = FAILED;
        } catch (InterruptedException e) {
            status = FAILED;
        }
        System.exit(status);
    }

    static int run(List<String> args, PrintStream out) throws IOException, InterruptedException {
        Catalogue catalogue = Catalogue.read();
        if (args.equals(List.of("--list"))) {
            catalogue.mutants().forEach(out::println);
            return HOLDS;
        }
        if (args.isEmpty() || !catalogue.models().contains(args.getFirst())) {
            out.println("usage: Tlc --list | Tlc MODEL [mutant...], MODEL one of " + catalogue.models());
            return FAILED;
        }
        String model = args.getFirst();
        List<String> mutants = args.subList(1, args.size());
        if (!catalogue.namesIn(model).containsAll(mutants)) {
            out.println(model + " knows the mutants " + catalogue.namesIn(model));
            return FAILED;
        }
        TlcRun tlc = new TlcRun(catalogue, patience(600));
        for (String config : configs(catalogue, model, mutants)) {
            TlcRun.Verdict verdict = tlc.run(model, config, mutants);
            out.println(config + " " + mutants + " " + verdict.describe() + "; " + verdict.log());
            if (verdict.kind() != TlcRun.Verdict.Kind.HOLDS) {
                return verdict.kind() == TlcRun.Verdict.Kind.VIOLATED ? VIOLATED : FAILED;
            }
        }
        return HOLDS;
    }

    static Duration patience(int seconds) {
        return Duration.ofSeconds(Integer.getInteger(PATIENCE, seconds));
    }

    private static List<String> configs(Catalogue catalogue, String model, List<String> mutants) {
        if (!mutants.isEmpty()) {
            Optional<Catalogue.Mutant> known = catalogue.mutants().stream()
                    .filter(m -> m.model().equals(model) && m.name().equals(mutants.getFirst()))
                    .findFirst();
            if (known.isPresent()) {
                return List.of(known.get().config());
            }
        }
        return catalogue.checks().stream()
                .filter(check -> check.model().equals(model) && !check.isLong())
                .map(Catalogue.Check::config)
                .toList();
    }
}
