// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: a section ends in the domain where it began
// hiding: direct
// layer: runtime
// error: the token was begun in another domain
package seed.tokens;

import org.rcublk.rcu.ReadDomain;

final class OtherDomain {
    public static void main(String[] args) {
        ReadDomain disk = new ReadDomain("disk");
        ReadDomain backing = new ReadDomain("backing");
        long token = disk.downRead();
        backing.upRead(token); // HERE
    }
}
