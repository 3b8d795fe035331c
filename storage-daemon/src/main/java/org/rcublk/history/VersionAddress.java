// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which version is meant.
 *
 * @param run the run, or 0 for the last
 * @param version the version's number, or -1 for the last
 */
public record VersionAddress(int run, long version) {
    private static final Pattern FORM = Pattern.compile("(?:(\\d{1,9}):)?(?:(\\d{1,18})|last)");

    /**
     * Reads an address.
     *
     * @param text a version's number or {@code last}, with the run's number and a colon before it or not
     * @return the address, or null when the text is none
     */
    public static @Nullable VersionAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        return new VersionAddress(
                matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1)),
                matcher.group(2) == null ? -1 : Long.parseLong(matcher.group(2)));
    }
}
