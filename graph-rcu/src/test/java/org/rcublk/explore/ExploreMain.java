// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Explores scenarios from a command line: all, or those named. {@code --list} prints each scenario with the faults that
 * it finds ({@code -Drcublk.mutants=...} switches one on), {@code --replay SCENARIO SCHEDULE} runs one schedule and
 * prints its steps. The exit code is 0 if nothing was violated, 3 if something was, 1 for anything else.
 */
public final class ExploreMain {
    private ExploreMain() {}

    /**
     * Runs the explorer.
     *
     * @param args names of scenarios, or an option
     */
    @SuppressWarnings("CatchAndPrintStackTrace") // a command line has no other place for it
    public static void main(String[] args) {
        int code = 1;
        try {
            code = run(args);
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
        }
        System.exit(code);
    }

    static List<Scenario> scenarios() {
        List<Scenario> all = new ArrayList<>();
        all.addAll(SectionScenarios.all());
        all.addAll(ReleaseScenarios.all());
        all.addAll(GraphScenarios.all());
        return all;
    }

    private static Scenario named(String name) {
        return scenarios().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scenario '" + name + "': see --list"));
    }

    private static int run(String[] args) {
        if (args.length == 1 && args[0].equals("--list")) {
            scenarios().forEach(s -> System.out.println(s.name() + " " + String.join(" ", s.mutants())));
            return 0;
        }
        Explorer explorer = new Explorer();
        if (args.length == 3 && args[0].equals("--replay")) {
            Outcome outcome = explorer.replay(named(args[1]), args[2]);
            System.out.println(outcome.describe());
            System.out.println(outcome.trace());
            return outcome.failure() == null ? 0 : 3;
        }
        List<Scenario> chosen = args.length == 0
                ? scenarios()
                : Arrays.stream(args).map(ExploreMain::named).toList();
        boolean violated = false;
        for (Scenario scenario : chosen) {
            Outcome outcome = explorer.explore(scenario);
            System.out.println(outcome.describe());
            violated |= outcome.failure() != null;
        }
        return violated ? 3 : 0;
    }
}
