// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.errorprone.BaseErrorProneJavaCompiler;
import com.google.errorprone.BugPattern;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.scanner.ScannerSupplier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each page of docs/checks is about a check that exists, and its examples are what it says of them. */
class DocumentedExamplesTest {
    private static final Path PAGES = Path.of("../docs/checks");
    private static final Pattern PARTS = Pattern.compile("^## (.+)$", Pattern.MULTILINE);
    private static final Pattern EXAMPLE = Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> examples() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            String name = nameOf(page);
            Map<String, String> parts = parts(Files.readString(page));
            for (String part : List.of("Wrong", "Right", "Suppress")) {
                List<String> examples = examples(parts.getOrDefault(part, ""));
                tests.add(dynamicTest(name + ": " + part + " has an example", () -> assertFalse(examples.isEmpty())));
                for (int i = 0; i < examples.size(); i++) {
                    String example = examples.get(i);
                    tests.add(dynamicTest(
                            name + ": " + part + " " + (i + 1), () -> check(name, example, part.equals("Wrong"))));
                }
            }
        }
        return tests.stream();
    }

    @Test
    void pagesHaveAllParts() throws IOException {
        for (Path page : pages()) {
            Map<String, String> parts = parts(Files.readString(page));
            for (String part : List.of("Problem", "Wrong", "Right", "Suppress", "What it does not see")) {
                assertFalse(parts.getOrDefault(part, "").isBlank(), page + " has no part " + part);
            }
        }
    }

    @Test
    void linkedPagesExist() {
        for (BugChecker check : ServiceLoader.load(BugChecker.class)) {
            BugPattern pattern = check.getClass().getAnnotation(BugPattern.class);
            if (check.getClass().getName().startsWith("org.rcublk.")
                    && pattern.linkType() == BugPattern.LinkType.CUSTOM) {
                assertTrue(Files.exists(Path.of("..").resolve(pattern.link())), pattern.link() + " does not exist");
            }
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.filter(file -> isCheck(nameOf(file))).sorted().toList();
        }
    }

    private static boolean isCheck(String name) {
        return !name.equals(name.toLowerCase(Locale.ROOT)) && !name.equals("README");
    }

    private static String nameOf(Path page) {
        return page.getFileName().toString().replaceFirst("\\.md$", "");
    }

    private static Map<String, String> parts(String text) {
        Map<String, String> parts = new HashMap<>();
        Matcher heading = PARTS.matcher(text);
        int from = -1;
        String title = "";
        while (heading.find()) {
            if (from >= 0) {
                parts.put(title, text.substring(from, heading.start()));
            }
            title = heading.group(1).strip();
            from = heading.end();
        }
        if (from >= 0) {
            parts.put(title, text.substring(from));
        }
        return parts;
    }

    private static List<String> examples(String part) {
        return EXAMPLE.matcher(part).results().map(found -> found.group(1)).toList();
    }

    private static void check(String name, String example, boolean wrong) {
        List<? extends Diagnostic<?>> found = compile(checkNamed(name), example);
        List<String> reports = new ArrayList<>();
        for (Diagnostic<?> each : found) {
            String message = each.getMessage(Locale.ROOT);
            if (message.startsWith("[" + name + "]")) {
                reports.add(message);
            } else {
                assertFalse(each.getKind() == Diagnostic.Kind.ERROR, each.toString());
            }
        }
        if (wrong) {
            assertFalse(reports.isEmpty(), "the check finds nothing wrong in:\n" + example);
        } else {
            assertEquals(List.of(), reports);
        }
    }

    private static Class<? extends BugChecker> checkNamed(String name) {
        for (BugChecker check : ServiceLoader.load(BugChecker.class)) {
            if (check.getClass().getSimpleName().equals(name)
                    && check.getClass().getName().startsWith("org.rcublk.")) {
                return check.getClass();
            }
        }
        throw new AssertionError("no check is registered for docs/checks/" + name + ".md");
    }

    private static List<? extends Diagnostic<?>> compile(Class<? extends BugChecker> check, String example) {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("memory:/Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return example;
                    }

                    @Override
                    public boolean isNameCompatible(String simpleName, Kind kind) {
                        return kind == Kind.SOURCE;
                    }
                };
        List<String> options = new ArrayList<>(Stubs.classPath());
        options.addAll(List.of("-proc:none", "-XDcompilePolicy=simple", "-XDshould-stop.ifError=FLOW"));
        options.addAll(List.of("-implicit:none", "-XDshould-stop.ifNoError=FLOW")); // writes no classes
        new BaseErrorProneJavaCompiler(ScannerSupplier.fromBugCheckerClasses(check))
                .getTask(null, null, found, options, null, List.of(source))
                .call();
        return found.getDiagnostics();
    }
}
