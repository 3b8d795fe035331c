// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.openjdk.jmh.annotations;

public @interface Benchmark {}
