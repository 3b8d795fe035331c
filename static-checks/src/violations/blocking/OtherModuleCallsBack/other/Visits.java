// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package seed.blocking.othermodulecallsback.other;

public final class Visits {
    public interface Visitor {
        void visit();
    }

    private final Visitor visitor;

    public Visits(Visitor visitor) {
        this.visitor = visitor;
    }

    public void visitAll() {
        visitor.visit();
    }
}
