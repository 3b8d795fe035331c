// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.view;

/** Elements of a drawing in XML, one a line. */
final class Xml {
    private final StringBuilder out = new StringBuilder();

    /** Takes a line as it is. */
    Xml raw(String line) {
        out.append(line).append('\n');
        return this;
    }

    /**
     * An element with attributes alone.
     *
     * @param attributes names and values by turns; numbers are rounded to a tenth
     */
    Xml element(String name, Object... attributes) {
        return raw("<" + name + attributes(attributes) + "/>");
    }

    /** An element that holds text. */
    Xml text(String name, String text, Object... attributes) {
        return raw("<" + name + attributes(attributes) + ">" + escaped(text) + "</" + name + ">");
    }

    @Override
    public String toString() {
        return out.toString();
    }

    static String attributes(Object... attributes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < attributes.length; i += 2) {
            Object value = attributes[i + 1];
            text.append(' ').append(attributes[i]).append("=\"");
            text.append(value instanceof Double number ? number(number) : escaped(value.toString()));
            text.append('"');
        }
        return text.toString();
    }

    static String number(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
    }

    /**
     * What XML 1.0 has no way to write becomes a question mark. All else that is not ASCII is written by its number, so that
     * the text means the same in whatever encoding it goes through.
     */
    static String escaped(String plain) {
        StringBuilder safe = new StringBuilder();
        plain.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '&' -> safe.append("&amp;");
                case '"' -> safe.append("&quot;");
                case '\t', '\r' -> safe.append(' ');
                case '\n' -> safe.append("&#10;");
                default -> {
                    if (!isCharacter(c)) {
                        safe.append('?');
                    } else if (c < 0x7f) {
                        safe.appendCodePoint(c);
                    } else {
                        safe.append("&#").append(c).append(';');
                    }
                }
            }
        });
        return safe.toString();
    }

    private static boolean isCharacter(int c) {
        return c >= 0x20 && (c < 0x7f || c > 0x9f) && (c < 0xd800 || c > 0xdfff) && c != 0xfffe && c != 0xffff;
    }
}
