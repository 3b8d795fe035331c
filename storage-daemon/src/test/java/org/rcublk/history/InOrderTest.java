// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vavr.collection.HashSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rcublk.graph.BlockGraph;
import org.rcublk.graph.PhaseTimes;
import org.rcublk.graph.Publication;
import org.rcublk.history.HandOff.Published;

class InOrderTest {
    private final InOrder order = new InOrder(10, 100);

    static Published version(long number) {
        return new Published(
                new Publication(
                        number, Publication.Kind.CHANGE, "x", PhaseTimes.NONE, BlockGraph.empty(), HashSet.empty()),
                Instant.EPOCH,
                0);
    }

    private List<Long> next(long now, boolean impatient) {
        List<Long> numbers = new ArrayList<>();
        for (Published p = order.next(now, impatient); p != null; p = order.next(now, impatient)) {
            numbers.add(p.version());
        }
        return numbers;
    }

    @Test
    void waitsForThePredecessor() {
        order.add(List.of(version(13), version(12)));
        assertNull(order.next(0, false));
        order.add(List.of(version(11)));
        assertEquals(List.of(11L, 12L, 13L), next(0, false));
    }

    @Test
    void goesOnWithoutOneThatDoesNotCome() {
        order.add(List.of(version(12)));
        assertEquals(List.of(), next(99, false));
        assertEquals(List.of(12L), next(100, false));
        order.add(List.of(version(11)));
        assertEquals(List.of(), next(200, true), "too late");
        order.add(List.of(version(20)));
        assertEquals(List.of(20L), next(0, true));
    }

    @Test
    void whatWaitsIsBounded() {
        for (long i = 0; i < 300; i++) {
            order.add(List.of(version(20 + i)));
        }
        assertEquals(300, next(0, false).size());
    }

    @Test
    void aFullHandOverKeepsTheNewest() {
        HandOff handOff = new HandOff(2);
        for (long i = 1; i <= 9; i++) {
            handOff.offer(version(i));
        }
        handOff.offer(version(5));
        assertEquals(
                List.of(1L, 2L, 9L),
                handOff.takeAll().stream().map(Published::version).toList());
        handOff.offer(version(10));
        assertEquals(
                List.of(10L), handOff.takeAll().stream().map(Published::version).toList());
    }
}
