// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import java.time.Duration;

/**
 * How hard a load is and how long it lasts.
 *
 * @param blockSize bytes a request
 * @param depth requests that each job keeps in flight
 * @param ramp how long the load runs before it is measured
 * @param runtime how long it is measured, at most
 */
public record LoadSpec(int blockSize, int depth, Duration ramp, Duration runtime) {}
