// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: an IOThread never runs the control path
// hiding: other module
// layer: compile WrongThreadCall
package seed.wrongthread.othermodulerule;

import org.rcublk.annotation.IoThreadOnly;
import seed.wrongthread.othermodulerule.other.Exports;

/** Annotations are kept in class files: a rule needs no source. */
final class OtherModuleRule {
    private final Exports exports = new Exports();

    @IoThreadOnly
    void ready() {
        exports.remove("export0"); // HERE
    }
}
