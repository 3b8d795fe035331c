// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.rcublk.callgraph.CallPath;

/**
 * The places on the way of a request that allocate, each with the reason why that is right:
 * {@code Class.method: what : why}. Lines do not count, so that it does not change with the code around a place. Where a method
 * has several places of one kind their number does, {@code what x2}, so that one more is noticed.
 */
final class AllocationList {
    /** The reason of an entry that nobody has explained yet. */
    static final String TODO = "TODO";

    private static final String REASON = " : ";
    private static final Pattern NUMBER = Pattern.compile(" x\\d+$");

    private final List<String> head = new ArrayList<>();
    private final Map<String, String> reasons = new TreeMap<>();

    private AllocationList() {}

    static AllocationList read(Path file) throws IOException {
        return parse(Files.readAllLines(file), file.getFileName().toString());
    }

    static AllocationList parse(List<String> lines, String name) {
        AllocationList list = new AllocationList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int reason = line.indexOf(REASON);
            if (line.startsWith("#") || line.isEmpty()) {
                if (list.reasons.isEmpty()) {
                    list.head.add(line);
                }
            } else if (reason < 0) {
                throw new IllegalArgumentException(
                        name + ":" + (i + 1) + ": an allocation without a reason: write 'Class.method: what : why'");
            } else {
                list.reasons.put(
                        line.substring(0, reason),
                        line.substring(reason + REASON.length()).strip());
            }
        }
        return list;
    }

    /** Without the number of such places. */
    private static String entry(CallPath path) {
        return path.end().name() + ": " + path.allocation().getFirst();
    }

    /** What is wrong with the list: places that it does not explain, each with a way to it, and entries of none. */
    List<String> faults(List<CallPath> found) {
        Map<String, CallPath> places = places(found);
        List<String> faults = new ArrayList<>();
        places.forEach((entry, path) -> {
            if (reasons.getOrDefault(entry, TODO).startsWith(TODO)) {
                faults.add("not explained: " + entry + "\n" + Ways.text(path));
            }
        });
        reasons.keySet().stream()
                .filter(entry -> !places.containsKey(entry))
                .forEach(entry -> faults.add("no such allocation is left, remove the line: " + entry));
        return faults;
    }

    /** The list as it would be right: entries of nothing left out, new ones to be explained, and those of another number again. */
    String updated(List<CallPath> found) {
        StringBuilder text = new StringBuilder();
        head.forEach(line -> text.append(line).append('\n'));
        places(found)
                .keySet()
                .forEach(entry -> text.append(entry)
                        .append(REASON)
                        .append(reasons.getOrDefault(entry, unexplained(entry)))
                        .append('\n'));
        return text.toString();
    }

    private String unexplained(String entry) {
        String place = withoutNumber(entry);
        return reasons.keySet().stream()
                .filter(known -> withoutNumber(known).equals(place))
                .findFirst()
                .map(known -> TODO + ", for " + (known.equals(place) ? "one" : known.substring(place.length() + 1))
                        + " it was: " + reasons.get(known))
                .orElse(TODO);
    }

    private static String withoutNumber(String entry) {
        return NUMBER.matcher(entry).replaceFirst("");
    }

    /** The shortest way to each place: ways come shortest first. */
    private static Map<String, CallPath> places(List<CallPath> found) {
        Map<String, List<CallPath>> alike = new TreeMap<>();
        found.forEach(path ->
                alike.computeIfAbsent(entry(path), _ -> new ArrayList<>()).add(path));
        Map<String, CallPath> places = new TreeMap<>();
        alike.forEach((entry, paths) ->
                places.put(paths.size() == 1 ? entry : entry + " x" + paths.size(), paths.getFirst()));
        return places;
    }
}
