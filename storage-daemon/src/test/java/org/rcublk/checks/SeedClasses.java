// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.checks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All seeds, compiled once: without checks, for the layers that look at byte code, and with them. */
final class SeedClasses {
    private final Path folder;
    private final List<Javac.Finding> findings;

    private SeedClasses(Path folder, List<Javac.Finding> findings) {
        this.folder = folder;
        this.findings = findings;
    }

    /** Libraries go first, and to a folder of their own: a seed knows of them what a jar would tell. */
    static SeedClasses compile(List<Seed> seeds, Path folder) throws IOException, InterruptedException {
        Javac javac = new Javac(folder);
        List<Path> library = new ArrayList<>();
        List<Path> sources = new ArrayList<>();
        for (Seed seed : seeds) {
            library.addAll(seed.library());
            sources.addAll(seed.sources());
        }
        String classPath = Project.classPath();
        javac.compile(library, classPath, folder.resolve("library"));
        String both = folder.resolve("library") + File.pathSeparator + classPath;
        javac.compile(sources, both, folder.resolve("seeds"));
        return new SeedClasses(folder, javac.check(sources, both));
    }

    /** What the checks say of a seed. */
    List<Javac.Finding> findings(Seed seed) {
        return findings.stream()
                .filter(finding -> seed.sources().contains(finding.place().source()))
                .toList();
    }

    /** The folders of all seeds' classes. */
    List<Path> folders() {
        return List.of(folder.resolve("seeds"), folder.resolve("library"));
    }

    /** A folder with the classes of one seed and its library, and none else. */
    Path of(Seed seed) throws IOException {
        Path own = folder.resolve("each").resolve(seed.folder()).resolve(seed.name());
        for (Path classes : folders()) {
            Path in = classes.resolve(seed.packageName().replace('.', '/'));
            if (Files.exists(in)) {
                copy(seed, classes, in, own);
            }
        }
        return own;
    }

    private static void copy(Seed seed, Path classes, Path in, Path own) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(in, seed.spansFiles() ? Integer.MAX_VALUE : 1)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            boolean mine = name.equals(seed.name() + ".class") || name.startsWith(seed.name() + "$");
            if (seed.spansFiles() || mine) {
                Path copy = own.resolve(classes.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }
}
