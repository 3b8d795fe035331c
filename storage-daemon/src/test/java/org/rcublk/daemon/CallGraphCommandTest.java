// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code rcublk callgraph} on the project's own classes. */
@Timeout(120)
class CallGraphCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("callgraph"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--classpath", ownClasses()));
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(all.toArray(String[]::new));
    }

    /** The tests stay out: they break rules on purpose. */
    private static String ownClasses() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("test-classes") && Files.exists(Path.of(entry)))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void noIoThreadWaitsForAGracePeriod() {
        assertEquals(0, run("paths", "@IoThreadOnly", "@WaitsForGracePeriod", "--fail"), out + err.toString());
        assertEquals("paths from @IoThreadOnly to @WaitsForGracePeriod: 0\n", out.toString());
    }

    @Test
    void theSleepOfAnIoThreadIsFound() throws IOException {
        assertEquals(1, run("paths", "Sleeper.sleep", "blocking", "--fail", "--format", "json"), err.toString());
        JsonNode answer = new ObjectMapper().readTree(out.toString());
        JsonNode steps = answer.get("paths").get(0).get("steps");
        assertEquals("org.rcublk.io.Sleeper.sleep", steps.get(0).get("name").asText());
        assertEquals("Sleeper.java", steps.get(0).get("file").asText());
        assertTrue(steps.get(0).get("line").asInt() > 0);
        assertTrue(steps.get(steps.size() - 1).get("labels").toString().contains("\"blocking\""), steps.toString());
    }

    @Test
    void cutsMakeItGreen() throws IOException {
        Path cuts =
                Files.writeString(folder.resolve("cuts"), "Sleeper.sleep -> Sleeper.block : it has nothing to do\n");
        assertEquals(
                0,
                run("paths", "Sleeper.sleep", "blocking", "--fail", "--strict", "--cuts", cuts.toString()),
                out + err.toString());
    }

    @Test
    void aLabelChoosesWhoIsAnswered() {
        assertEquals(0, run("callers", "IoThread.wakeIfAsleep", "--label", "@IoThreadOnly"), err.toString());
        assertTrue(out.toString().startsWith("callers of IoThread.wakeIfAsleep: 0"), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("callers", "IoThread.wakeIfAsleep", "--label", "@AnyThread"), err.toString());
        assertTrue(out.toString().contains("org.rcublk.io.Virtqueue.signalRelease("), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("paths", ".*", "blocking", "--label", "@IoThreadOnly", "--stop", "@GlobalState"));
        assertTrue(out.toString().contains("org.rcublk.io.Sleeper.block("), out.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "callers, IoThread.execute, calls",
        "callees, IoThread.doWork, calls",
        "allocations, IoThread.doWork, paths",
        "members, IoThread.doWork, methods"
    })
    void everyQuestionIsAnsweredInJsonAndGraphviz(String question, String method, String list) throws IOException {
        assertEquals(0, run(question, method, "--format", "json", "--limit", "5"), err.toString());
        JsonNode answer = new ObjectMapper().readTree(out.toString());
        assertTrue(answer.get(list).size() > 0, out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run(question, method, "--format", "dot", "--limit", "5"), err.toString());
        assertTrue(out.toString().startsWith("digraph calls {\n"), out.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "paths No.such blocking, nothing matches 'No.such'",
        "paths A.( blocking, is no regular expression",
        "callers IoThread.execute --format xml, --format is 'xml'",
        "callers IoThread.execute --depth 0, --depth is 0",
        "callers IoThread.execute --label @NoSuch, nothing matches '@NoSuch'",
        "callers IoThread.execute --limit 0, --limit is 0",
        "callers IoThread.execute /no/such.jar, no such jar or class folder: '/no/such.jar'",
        "callers IoThread.execute --cuts /no/such, cannot read the cuts '/no/such'",
        "paths IoThread.execute, Missing required parameter",
        "callers IoThread.execute --include no.such, no class of [no.such]"
    })
    void whatIsWrongIsOneLineAndStatusTwo(String arguments, String message) {
        assertEquals(2, run(arguments.split(" ", -1)), out.toString());
        assertEquals("", out.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(message), err.toString());
    }
}
