// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The real compiler in a JVM of its own, so that nothing of it has to be opened to the JVM of the tests. */
final class Javac {
    private static final Pattern FINDING =
            Pattern.compile("^(\\S+\\.java):(\\d+): error: (?:\\[(\\w+)] )?(.*)$", Pattern.MULTILINE);
    private static final List<String> EXPORTED =
            List.of("api", "file", "main", "model", "parser", "processing", "tree", "util");
    private static final List<String> OPENED = List.of("code", "comp");

    /**
     * An error of the compiler.
     *
     * @param place where
     * @param check the check that says so; null if the source is not Java
     * @param message what it says
     */
    record Finding(Seed.Place place, String check, String message) {
        @Override
        public String toString() {
            return place.source().getFileName() + ":" + place.line() + ": [" + check + "] " + message;
        }
    }

    private final Path folder;

    Javac(Path folder) {
        this.folder = folder;
    }

    /** Compiles without any check, and fails if that does. */
    void compile(List<Path> sources, String classPath, Path classes) throws IOException, InterruptedException {
        List<Finding> errors = run(List.of("-proc:none"), sources, classPath, classes);
        if (!errors.isEmpty()) {
            throw new IllegalStateException("seeds that do not compile: " + errors);
        }
    }

    /** Compiles with all checks as errors, all sources to the end, and without Error Prone's warnings. */
    List<Finding> check(List<Path> sources, String classPath) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>();
        Stream.concat(
                        EXPORTED.stream().map(p -> "-J--add-exports=jdk.compiler/com.sun.tools.javac." + p),
                        OPENED.stream().map(p -> "-J--add-opens=jdk.compiler/com.sun.tools.javac." + p))
                .forEach(option -> options.add(option + "=ALL-UNNAMED"));
        options.addAll(List.of("-XDcompilePolicy=simple", "--should-stop=ifError=FLOW", "-Xmaxerrs", "10000"));
        options.addAll(List.of("-processorpath", Project.classPath(), "-Xplugin:ErrorProne -XepDisableAllWarnings"));
        return run(options, sources, classPath, folder.resolve("checked"));
    }

    private List<Finding> run(List<String> options, List<Path> sources, String classPath, Path classes)
            throws IOException, InterruptedException {
        Files.createDirectories(classes);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
        command.addAll(List.of("-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-J-Xmx512m", "-nowarn"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, "-d", classes.toString()));
        sources.forEach(source -> command.add(source.toString()));
        Path log = folder.resolve("javac.log");
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        String output = Files.readString(log);
        List<Finding> findings = findings(output);
        if (status != 0 && findings.isEmpty()) {
            throw new IllegalStateException("javac ended with " + status + ": " + output);
        }
        return findings;
    }

    private static List<Finding> findings(String output) {
        List<Finding> findings = new ArrayList<>();
        Matcher matcher = FINDING.matcher(output);
        while (matcher.find()) {
            Seed.Place place = new Seed.Place(Path.of(matcher.group(1)), Integer.parseInt(matcher.group(2)));
            findings.add(new Finding(place, matcher.group(3), matcher.group(4)));
        }
        return findings;
    }
}
