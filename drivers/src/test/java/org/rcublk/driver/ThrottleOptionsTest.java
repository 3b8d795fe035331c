// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rcublk.driver.throttle.ThrottleLimit;
import org.rcublk.driver.throttle.ThrottleLimits;
import org.rcublk.graph.BlockGraph;

/** The limits as options: what they become, and which contradictions are refused, as QEMU does. */
class ThrottleOptionsTest {
    private static Map<String, Object> options(String limits) {
        Map<String, Object> options = new HashMap<>(Map.of("driver", "throttle", "file.driver", "null-co"));
        for (String limit : limits.split(" ", -1)) {
            String[] pair = limit.split("=", 2);
            if (pair.length == 2) {
                options.put("limits." + pair[0], pair[1]);
            }
        }
        return options;
    }

    private static ThrottleLimits read(String limits) {
        return ThrottleOptions.read(new DriverOptions(OptionTree.unfold(options(limits)), "", "throttle"));
    }

    @Test
    void limitsAreOptional() {
        assertEquals(ThrottleLimits.NONE, read(""));
        OpenedNodes opened = NodeOpener.open(options(""), BlockGraph.empty());
        assertTrue(opened.topNode().filter());
        assertEquals("throttle", opened.topNode().driver());
    }

    @Test
    void eachLimitHasABurstAndItsLength() {
        ThrottleLimits limits = read("iops-read=100 iops-read-max=200 iops-read-max-length=3 iops-write=7"
                + " bps-total=10M bps-total-max=20M iops-size=4k");
        assertEquals(new ThrottleLimit(100, 200, 3), limits.iopsRead());
        assertEquals(ThrottleLimit.of(7), limits.iopsWrite());
        assertEquals(new ThrottleLimit(10 << 20, 20 << 20, 1), limits.bpsTotal());
        assertEquals(ThrottleLimit.NONE, limits.iopsTotal());
        assertEquals(4096, limits.iopsSize());
        ThrottleLimits others = read("iops-total=5 bps-read=6 bps-write=8 bps-write-max=9");
        assertEquals(ThrottleLimit.of(5), others.iopsTotal());
        assertEquals(ThrottleLimit.of(6), others.bpsRead());
        assertEquals(new ThrottleLimit(8, 9, 1), others.bpsWrite());
    }

    @ParameterizedTest
    @CsvSource({
        "iops-total=5 iops-read=5, limits.iops-total excludes limits.iops-read",
        "iops-total=5 iops-write=5, limits.iops-total excludes limits.iops-read and limits.iops-write",
        "bps-total=5 bps-write=5, limits.bps-total excludes",
        "iops-total-max=5, limits.iops-total-max needs limits.iops-total: give",
        "bps-read=10 bps-read-max=9, 'limits.bps-read-max is 9, which is less than limits.bps-read, 10'",
        "bps-read=10 bps-read-max-length=2, limits.bps-read-max-length needs limits.bps-read-max",
        "bps-read=10 bps-read-max-length=0, limits.bps-read-max-length is 0: it is at least 1 second",
        "iops-total=1 iops-total-max=1T iops-total-max-length=1000, limits.iops-total-max times",
        "iops-size=4096, limits.iops-size needs a limit of requests",
        "bps-total=-1, option 'limits.bps-total' of driver 'throttle' is '-1'",
        "bps-total=2P, option 'limits.bps-total' of driver 'throttle' is '2P'",
        "iops=5, option 'limits.iops' is not known to driver 'throttle'"
    })
    void contradictionsAreNamedWithTheMend(String limits, String expected) {
        String message = assertThrows(OptionException.class, () -> NodeOpener.open(options(limits), BlockGraph.empty()))
                .getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void aFilterIsAsItsChildIs() {
        Map<String, Object> options = options("iops-total=5");
        options.put("read-only", "on");
        assertThrows(OptionException.class, () -> NodeOpener.open(options, BlockGraph.empty()));
    }
}
