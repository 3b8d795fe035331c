// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress;

import java.util.regex.Pattern;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Prints the tests of this jar whose names match a pattern, one a line, each after its number of actors: what a run
 * should do, told without JCStress's own selection, which drops tests with more actors than cores.
 */
public final class Plan {
    private Plan() {}

    public static void main(String[] args) {
        Pattern pattern = Pattern.compile(args.length == 0 ? ".*" : args[0]);
        TestList.tests().stream()
                .filter(name -> pattern.matcher(name).find())
                .sorted()
                .forEach(name -> System.out.println(TestList.getInfo(name).threads() + " " + name));
    }
}
