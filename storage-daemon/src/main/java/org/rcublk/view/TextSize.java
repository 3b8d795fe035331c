// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

/**
 * How wide text becomes. The viewer chooses the font, so this is a guess that is right for wide ones (DejaVu, Verdana)
 * and leaves some room with others.
 */
final class TextSize {
    private static final String NARROW = "fijlrtI.,:;'|!()[]/ -";
    private static final String WIDE = "mwMW@%";

    /** A character of a typewriter font, for a font size of 1. */
    private static final double MONOSPACE = 0.61;

    private TextSize() {}

    static double sans(String text, double fontSize) {
        return text.codePoints().mapToDouble(TextSize::width).sum() * fontSize;
    }

    static double bold(String text, double fontSize) {
        return 1.12 * sans(text, fontSize);
    }

    static double monospace(String text, double fontSize) {
        return text.codePointCount(0, text.length()) * MONOSPACE * fontSize;
    }

    private static double width(int c) {
        if (c >= 0x1100) {
            return 1.05;
        }
        if (NARROW.indexOf(c) >= 0) {
            return 0.41;
        }
        if (WIDE.indexOf(c) >= 0) {
            return 0.98;
        }
        return Character.isUpperCase(c) ? 0.73 : 0.63;
    }
}
