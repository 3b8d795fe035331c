// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
// rule: main code never sleeps
// hiding: direct
// layer: compile ThreadSleepInMainCode
package seed.sleep;

final class SleepInMainCode {
    void waitForDisk() throws InterruptedException {
        Thread.sleep(10); // HERE
    }
}
