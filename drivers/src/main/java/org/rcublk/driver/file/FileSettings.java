// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver.file;

import org.rcublk.annotation.AnyThread;

/**
 * How a file is opened. An immutable value.
 *
 * @param readOnly opened for reading only; writes are refused
 * @param autoReadOnly opened for reading only if it may not be written to, rather than not at all
 * @param unmap whether discards and zeroes may give space back; if not, discards do nothing
 * @param lock whether a writer locks the file against other writers
 */
@AnyThread
public record FileSettings(boolean readOnly, boolean autoReadOnly, boolean unmap, boolean lock) {
    /** For reading and writing, locked; discards do nothing, which is QEMU's default too. */
    public static final FileSettings DEFAULT = new FileSettings(false, false, false, true);
}
