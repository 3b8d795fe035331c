// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.torture;

import java.util.ArrayList;
import java.util.List;
import org.rcublk.rcu.Mutants;
import org.rcublk.rcu.Steps;

/**
 * Torture from a command line:
 * {@code Torture PROFILE... [--seconds N] [--seed S] [--threads N] [--patience SECONDS] [--go-on]}, or {@code --list}.
 * {@code all} stands for every profile that this JVM can run. Exit status 0: every oracle is content; 3: one was
 * violated, and the output says which; 1: it could not run.
 */
public final class Torture {
    private static final int VIOLATED = 3;

    private Torture() {}

    /**
     * Runs profiles one after the other.
     *
     * @param args as above
     */
    public static void main(String[] args) {
        int status;
        try {
            status = run(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            status = 1;
        }
        System.exit(status); // threads of a run that hangs are left behind
    }

    private static int run(String[] args) {
        if (args.length == 1 && args[0].equals("--list")) {
            Profiles.all().forEach(kind -> System.out.println(kind.name() + " " + String.join(" ", kind.kills())));
            return 0;
        }
        List<Profile.Kind> kinds = new ArrayList<>();
        int at = 0;
        for (; at < args.length && !args[at].startsWith("--"); at++) {
            if (args[at].equals("all")) {
                Profiles.all().stream().filter(Torture::canRun).forEach(kinds::add);
            } else {
                kinds.add(Profiles.named(args[at]));
            }
        }
        Options options = Options.parse(args, at);
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("which profiles? --list names them");
        }
        int status = 0;
        for (Profile.Kind kind : kinds) {
            status = run(kind, options) ? status : VIOLATED;
        }
        return status;
    }

    /** Runs one profile and prints its line; true if every oracle is content. */
    static boolean run(Profile.Kind kind, Options options) {
        if (!canRun(kind)) {
            throw new IllegalArgumentException(
                    kind.name() + " stalls threads at steps: start with -Drcublk.steps=true");
        }
        Run run = new Run(kind.name() + " (" + kind.about() + ")", options);
        boolean content = run.execute(kind.create().get());
        System.out.println(
                run.describe() + (content ? "" : "\nmutants: '" + System.getProperty(Mutants.PROPERTY, "") + "'"));
        return content;
    }

    static boolean canRun(Profile.Kind kind) {
        return Steps.ENABLED || !kind.needsSteps();
    }
}
