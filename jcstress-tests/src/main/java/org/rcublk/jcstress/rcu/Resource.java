// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.jcstress.rcu;

/** Something that is closed once. The field is plain: only the grace period orders the close. */
final class Resource {
    int closed;
}
