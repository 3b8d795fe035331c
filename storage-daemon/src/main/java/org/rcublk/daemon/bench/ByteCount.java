// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers of bytes as fio writes them: {@code 4k} is 4096. */
public final class ByteCount implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d+)([kmgt]?)(?:i?b)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "kmgt";

    /** A converter for options; it keeps nothing. */
    public ByteCount() {}

    @Override
    public Long convert(String text) {
        return parse(text);
    }

    /**
     * Reads a number with an optional unit.
     *
     * @param text digits and one of k, m, g, t (powers of 1024), or nothing
     * @return bytes
     * @throws TypeConversionException if the text is none, or is too large
     */
    static long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a number of bytes such as 4k or 1g");
        }
        String unit = matcher.group(2).toLowerCase(Locale.ROOT);
        int shift = unit.isEmpty() ? 0 : 10 * (UNITS.indexOf(unit) + 1);
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new TypeConversionException("'" + text + "' is more bytes than there can be");
        }
    }

    /**
     * A number of bytes for people.
     *
     * @param bytes 0 or more
     * @return such as {@code 4 KiB}; exact where a unit divides it
     */
    public static String show(long bytes) {
        String[] names = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        long left = bytes;
        while (left != 0 && left % 1024 == 0 && unit < names.length - 1) {
            left /= 1024;
            unit++;
        }
        return left + " " + names[unit];
    }
}
