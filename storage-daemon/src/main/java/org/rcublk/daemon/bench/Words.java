// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Options whose values are the constants of an enum, typed in lower case. */
abstract class Words<E extends Enum<E>> implements ITypeConverter<E> {
    private final Class<E> type;

    private Words(Class<E> type) {
        this.type = type;
    }

    @Override
    public E convert(String text) {
        for (E constant : type.getEnumConstants()) {
            if (word(constant).equals(text)) {
                return constant;
            }
        }
        String all = Arrays.stream(type.getEnumConstants()).map(Words::word).collect(Collectors.joining(", "));
        throw new TypeConversionException("'" + text + "' is none of " + all);
    }

    /** A constant as it is typed. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** For {@code --rw}. */
    static final class OfRw extends Words<Rw> {
        OfRw() {
            super(Rw.class);
        }
    }

    /** For {@code --driver}. */
    static final class OfDriver extends Words<BenchOptions.Driver> {
        OfDriver() {
            super(BenchOptions.Driver.class);
        }
    }
}
