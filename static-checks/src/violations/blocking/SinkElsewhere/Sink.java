// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package seed.blocking.sinkelsewhere;

interface Sink {
    void accept(String line);
}
