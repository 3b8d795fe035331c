// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A result as text for people and as JSON for machines. */
public final class BenchReport {
    private static final double MIB = 1 << 20;
    private static final double MICRO = 1e3;
    private static final double MILLI = 1e6;
    private static final String ROW = "%-24s %9s %8s %9s %9s %9s %9s %7s %7s %8s %8s %7s%n";

    private BenchReport() {}

    /** One result, a line a number. */
    static String text(BenchOptions options, long size, LoadResult result) {
        StringBuilder out = new StringBuilder();
        line(out, "load", title(options, size));
        line(out, "IOPS", number(Math.round(result.iops())));
        line(out, "bandwidth", String.format(Locale.ROOT, "%.1f MiB/s", result.bandwidth() / MIB));
        line(out, "latency p50", micros(result.latencyNanos(50)) + " µs");
        line(out, "latency p99", micros(result.latencyNanos(99)) + " µs");
        line(out, "latency p99.9", micros(result.latencyNanos(99.9)) + " µs");
        line(out, "latency max", micros(result.latencyNanos(100)) + " µs");
        line(out, "CPU per I/O", String.format(Locale.ROOT, "%.2f µs", result.cpuMicrosPerIo()));
        line(out, "graph changes", number(result.changes().changes()));
        line(out, "versions published", number(result.changes().versions()));
        line(out, "requests parked", number(result.parked()));
        line(out, "longest gate", millis(result.changes().longestGateNanos()) + " ms");
        line(out, "errors", number(result.errors()));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(String.format(Locale.ROOT, "%-20s %s%n", name, value));
    }

    private static String title(BenchOptions options, long size) {
        return Words.word(options.rw) + " " + ByteCount.show(options.blockSize) + ", " + options.jobs + " jobs x "
                + options.depth + ", " + Words.word(options.driver) + " " + ByteCount.show(size) + ", IOThreads "
                + options.ioThreads + ", design " + options.design;
    }

    /**
     * The head of a table with a row for each run.
     *
     * @return a line with its end
     */
    public static String tableHead() {
        return String.format(
                Locale.ROOT,
                ROW,
                "run",
                "IOPS",
                "MiB/s",
                "p50 µs",
                "p99 µs",
                "p99.9 µs",
                "max µs",
                "CPU µs",
                "changes",
                "versions",
                "parked",
                "gate ms");
    }

    /**
     * A row of the table.
     *
     * @param name what was run
     * @param result what it showed
     * @return a line with its end
     */
    public static String tableRow(String name, LoadResult result) {
        return String.format(
                Locale.ROOT,
                ROW,
                name,
                number(Math.round(result.iops())),
                number(Math.round(result.bandwidth() / MIB)),
                micros(result.latencyNanos(50)),
                micros(result.latencyNanos(99)),
                micros(result.latencyNanos(99.9)),
                micros(result.latencyNanos(100)),
                String.format(Locale.ROOT, "%.2f", result.cpuMicrosPerIo()),
                number(result.changes().changes()),
                number(result.changes().versions()),
                number(result.parked()),
                millis(result.changes().longestGateNanos()));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String micros(long nanos) {
        return String.format(Locale.ROOT, "%,.0f", nanos / MICRO);
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / MILLI);
    }

    /** One result as a JSON object. */
    static String json(BenchOptions options, long size, LoadResult result) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("design", options.design);
        all.put("driver", Words.word(options.driver));
        all.put("size", size);
        all.put("iothreads", options.ioThreads);
        all.put("rw", Words.word(options.rw));
        all.put("bs", options.blockSize);
        all.put("numjobs", options.jobs);
        all.put("iodepth", options.depth);
        all.put("seconds", result.seconds());
        all.put("reads", result.reads());
        all.put("writes", result.writes());
        all.put("iops", result.iops());
        all.put("bytes-per-second", result.bandwidth());
        all.put("latency-ns", latencies(result));
        all.put("cpu-us-per-io", result.cpuMicrosPerIo());
        all.put("graph-changes", result.changes().changes());
        all.put("graph-changes-failed", result.changes().failed());
        all.put("versions-published", result.changes().versions());
        all.put("requests-parked", result.parked());
        all.put("longest-gate-ns", result.changes().longestGateNanos());
        all.put("submitted", result.submitted());
        all.put("completed", result.completed());
        all.put("errors", result.errors());
        all.put("ok", result.ok());
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // numbers and strings only
        }
    }

    private static Map<String, Object> latencies(LoadResult result) {
        Map<String, Object> latencies = new LinkedHashMap<>();
        latencies.put("mean", result.latency().getMean());
        latencies.put("p50", result.latencyNanos(50));
        latencies.put("p99", result.latencyNanos(99));
        latencies.put("p99.9", result.latencyNanos(99.9));
        latencies.put("max", result.latencyNanos(100));
        return latencies;
    }
}
