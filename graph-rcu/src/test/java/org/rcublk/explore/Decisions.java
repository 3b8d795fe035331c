// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.explore;

import java.util.Arrays;

/** The decisions of a schedule: which of the options was taken at each, and how many there were. */
final class Decisions {
    private int[] taken = new int[256];
    private int[] options = new int[256];
    private int made;
    private int fixed;
    private boolean replaying;

    /** Before the first schedule. */
    void reset() {
        fixed = 0;
        replaying = false;
        Arrays.fill(taken, 0);
    }

    /** Before each schedule. */
    void begin() {
        made = 0;
    }

    int take(int count) {
        if (count == 1) {
            return 0;
        }
        if (made == taken.length) {
            taken = Arrays.copyOf(taken, 2 * made);
            options = Arrays.copyOf(options, 2 * made);
        }
        if (made >= fixed) {
            taken[made] = 0;
        } else if (!replaying && made < fixed - 1 && options[made] != count) {
            throw new IllegalStateException("the scenario is not deterministic: decision " + made + " had "
                    + options[made] + " options, and now has " + count);
        }
        options[made] = count;
        return Math.min(taken[made++], count - 1);
    }

    /** Goes to the next schedule; false if there is none. */
    boolean next() {
        int at = made - 1;
        while (at >= 0 && taken[at] + 1 >= options[at]) {
            at--;
        }
        if (at < 0) {
            return false;
        }
        taken[at]++;
        fixed = at + 1;
        return true;
    }

    /** The decisions that were not the first option, as {@code decision:option}. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < made; i++) {
            if (taken[i] != 0) {
                text.append(text.isEmpty() ? "" : ",").append(i).append(':').append(taken[i]);
            }
        }
        return text.isEmpty() ? "-" : text.toString();
    }

    void replay(String text) {
        reset();
        replaying = true;
        fixed = taken.length;
        if (text.equals("-")) {
            return;
        }
        for (String pair : text.split(",", -1)) {
            int colon = pair.indexOf(':');
            int at = Integer.parseInt(pair.substring(0, colon));
            if (at >= taken.length) {
                taken = Arrays.copyOf(taken, at + 256);
                options = Arrays.copyOf(options, at + 256);
                fixed = taken.length;
            }
            taken[at] = Integer.parseInt(pair.substring(colon + 1));
        }
    }
}
