// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks.section;

import com.sun.tools.javac.code.Symbol.MethodSymbol;

/** What a call does to a read section. */
enum SectionCall {
    /** {@code ReadDomain.downRead}: a token begins. */
    DOWN,
    /** {@code ReadDomain.forkRead}: a token begins under the one given. */
    FORK,
    /** {@code ReadDomain.read}: a {@code ReadSection} begins. */
    READ,
    /** {@code ReadSection.fork}: a token begins under the section. */
    SECTION_FORK,
    /** {@code ReadDomain.upRead}. */
    UP,
    /** {@code ReadDomain.handOff}. */
    HAND_OFF,
    /** {@code ReadSection.close}. */
    CLOSE,
    /** Any other call. */
    OTHER;

    static final String DOMAIN = "org.rcublk.rcu.ReadDomain";
    static final String SECTION = "org.rcublk.rcu.ReadSection";

    static SectionCall of(MethodSymbol method) {
        String name = method.name.toString();
        return switch (method.owner.getQualifiedName().toString()) {
            case DOMAIN ->
                switch (name) {
                    case "downRead" -> DOWN;
                    case "forkRead" -> FORK;
                    case "read" -> READ;
                    case "upRead" -> UP;
                    case "handOff" -> HAND_OFF;
                    default -> OTHER;
                };
            case SECTION ->
                switch (name) {
                    case "fork" -> SECTION_FORK;
                    case "close" -> CLOSE;
                    default -> OTHER;
                };
            default -> OTHER;
        };
    }

    boolean begins() {
        return this == DOWN || this == FORK || this == READ || this == SECTION_FORK;
    }
}
