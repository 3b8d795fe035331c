// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package seed.blocking.othermodule.other;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A library that knows no threading rules. */
public final class Names {
    private final CompletableFuture<String> name = new CompletableFuture<>();

    public String current() {
        try {
            return name.get(); // HERE
        } catch (InterruptedException | ExecutionException e) {
            return "";
        }
    }
}
