// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.ordering;

import java.util.List;

/**
 * The static check as a program: {@code OrderingMain [FAULT]} exits 0 if nothing is found, 3 if something is, 1 if the
 * fault is not known; {@code --list} prints the faults, one a line.
 */
public final class OrderingMain {
    private OrderingMain() {}

    public static void main(String[] args) {
        if (args.length == 1 && args[0].equals("--list")) {
            WeakerModes.names().forEach(name -> System.out.println("access-modes " + name));
            return;
        }
        if (args.length > 1 || (args.length == 1 && !WeakerModes.knows(args[0]))) {
            System.err.println("usage: OrderingMain [--list | FAULT]");
            System.exit(1);
        }
        List<String> findings =
                AccessModes.findings(args.length == 0 ? (type, code) -> code : WeakerModes.edit(args[0]));
        findings.forEach(System.out::println);
        System.exit(findings.isEmpty() ? 0 : 3);
    }
}
