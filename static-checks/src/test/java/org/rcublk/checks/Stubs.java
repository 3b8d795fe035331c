// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What sources under test compile against: the annotations themselves, and stubs with the names of the classes that the
 * checks know, compiled once. The modules that have the real ones are built after this one.
 */
public final class Stubs {
    private static final Path ANNOTATIONS = Path.of("../graph-rcu/src/main/java/org/rcublk/annotation");
    private static final Path STUBS = Path.of("src/test/resources/stubs");
    private static final Path CLASSES = compile();

    private Stubs() {}

    /** {@return the compiler's arguments that put the annotations and stubs on its class path} */
    public static List<String> classPath() {
        return List.of("-cp", CLASSES.toString());
    }

    private static Path compile() {
        try (Stream<Path> annotations = Files.list(ANNOTATIONS);
                Stream<Path> stubs = Files.walk(STUBS)) {
            List<Path> sources = new ArrayList<>(Stream.concat(annotations, stubs)
                    .filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .toList());
            Path classes = Files.createTempDirectory("stubs");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(classes)));
            JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
            StringWriter log = new StringWriter();
            try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
                List<String> options = List.of("-d", classes.toString(), "-proc:none");
                if (!javac.getTask(log, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                        .call()) {
                    throw new IllegalStateException("the stubs do not compile: " + log);
                }
            }
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("left behind: " + folder + ": " + e);
        }
    }
}
