// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rcublk.annotation.AnyThread;

/** Numbers of bytes as QEMU writes them: 65536, 64k, 1.5G. */
@AnyThread
final class Sizes {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,20}(?:\\.[0-9]{1,20})?)([bBkKmMgGtTpPeE]?)");
    private static final String SUFFIXES = "bkmgtpe";

    private Sizes() {}

    /** The number, rounded down to a byte; null if the text is not a size or is too large. */
    static @Nullable Long parse(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String suffix = matcher.group(2).toLowerCase(Locale.ROOT);
        int power = suffix.isEmpty() ? 0 : SUFFIXES.indexOf(suffix);
        BigDecimal bytes = new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(1024).pow(power));
        return bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0 ? null : bytes.longValue();
    }
}
