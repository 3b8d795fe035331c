// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs a seed's {@code main}: in the test's JVM, or in one of its own where it asks for flags. */
final class SeedRun {
    private static final long PATIENCE_SECONDS = 60;

    private SeedRun() {}

    /** The error that ended it, with its causes; empty if it ended well. */
    static String error(Seed seed, List<Path> folders, Path scratch) throws Exception {
        return seed.head().flags().isEmpty() ? here(seed, folders) : apart(seed, folders, scratch);
    }

    private static String here(Seed seed, List<Path> folders) throws Exception {
        URL[] urls = new URL[folders.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = folders.get(i).toUri().toURL();
        }
        try (URLClassLoader loader = new URLClassLoader(urls, SeedRun.class.getClassLoader())) {
            Method main = loader.loadClass(seed.className()).getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
            return "";
        } catch (InvocationTargetException failed) {
            StringWriter text = new StringWriter();
            failed.getCause().printStackTrace(new PrintWriter(text));
            return text.toString();
        }
    }

    private static String apart(Seed seed, List<Path> folders, Path scratch) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-ea", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(seed.head().flags());
        String own = folders.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("-cp", own + File.pathSeparator + Project.classPath(), seed.className()));
        Path log = scratch.resolve(seed.name() + ".log");
        Process java = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!java.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            java.destroyForcibly().waitFor();
            throw new IllegalStateException(seed + " did not end within " + PATIENCE_SECONDS + " s");
        }
        return java.exitValue() == 0 ? "" : Files.readString(log);
    }
}
