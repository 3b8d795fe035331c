// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.graph;

import java.util.ArrayList;
import java.util.List;
import org.rcublk.annotation.AnyThread;

/**
 * A set of {@link Permission}s. A value; safe on any thread.
 *
 * @param bits one bit for each permission
 */
@AnyThread
public record Permissions(int bits) {
    private static final int EVERY_BIT = (1 << Permission.values().length) - 1;

    /** No permission. */
    public static final Permissions NONE = new Permissions(0);

    /** Every permission. */
    public static final Permissions ALL = new Permissions(EVERY_BIT);

    /**
     * Checks the bits.
     *
     * @throws IllegalArgumentException when a bit stands for no permission
     */
    public Permissions {
        if ((bits & ~EVERY_BIT) != 0) {
            throw new IllegalArgumentException("bits " + Integer.toHexString(bits));
        }
    }

    /**
     * The set of the given permissions.
     *
     * @param permissions any number of permissions
     * @return the set
     */
    public static Permissions of(Permission... permissions) {
        int bits = 0;
        for (Permission permission : permissions) {
            bits |= permission.bit();
        }
        return new Permissions(bits);
    }

    /**
     * Whether a permission is in the set.
     *
     * @param permission the permission
     * @return whether it is
     */
    public boolean has(Permission permission) {
        return (bits & permission.bit()) != 0;
    }

    /**
     * Whether the set is empty.
     *
     * @return whether there is no permission in it
     */
    public boolean isEmpty() {
        return bits == 0;
    }

    /**
     * What is in this set, in the other, or in both.
     *
     * @param other another set
     * @return the union
     */
    public Permissions or(Permissions other) {
        return new Permissions(bits | other.bits);
    }

    /**
     * What is in both sets.
     *
     * @param other another set
     * @return the intersection
     */
    public Permissions and(Permissions other) {
        return new Permissions(bits & other.bits);
    }

    /**
     * What is in this set and not in the other.
     *
     * @param other another set
     * @return the difference
     */
    public Permissions without(Permissions other) {
        return new Permissions(bits & ~other.bits);
    }

    /**
     * The permissions by their {@linkplain Permission#word words}.
     *
     * @return in the order of {@link Permission}
     */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        for (Permission permission : Permission.values()) {
            if (has(permission)) {
                words.add(permission.word());
            }
        }
        return words;
    }

    @Override
    public String toString() {
        return isEmpty() ? "nothing" : String.join(", ", words());
    }
}
