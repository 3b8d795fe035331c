// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.callgraph;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The class files of jars and folders, and those of the JDK that runs. Close it: jars are open while it is. */
final class ClassFiles implements AutoCloseable {
    private static final String SUFFIX = ".class";

    private final List<Path> roots = new ArrayList<>();
    private final List<FileSystem> jars = new ArrayList<>();

    /** Takes one class file. */
    interface Visitor {
        void visit(byte[] bytes, String where) throws CallGraphException;
    }

    /** A class file, and where it is in words. */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once, and never compared
    record Found(byte[] bytes, String where) {}

    ClassFiles(List<Path> paths) throws CallGraphException {
        try {
            for (Path path : paths) {
                open(path);
            }
        } catch (CallGraphException e) {
            close();
            throw e;
        }
    }

    private void open(Path path) throws CallGraphException {
        if (Files.isDirectory(path)) {
            roots.add(path);
            return;
        }
        if (Files.notExists(path)) {
            throw new CallGraphException(
                    "no such jar or class folder: '" + path + "': build it first, or mend the path");
        }
        try {
            FileSystem jar = FileSystems.newFileSystem(path);
            jars.add(jar);
            roots.add(jar.getPath("/"));
        } catch (IOException | RuntimeException e) {
            throw new CallGraphException("not a jar, or a damaged one: '" + path + "' (" + e.getMessage() + ")", e);
        }
    }

    /** Visits each class file whose name (internal, without suffix) is wanted; of two with one name, the first. */
    void each(Predicate<String> wanted, Visitor visitor) throws CallGraphException {
        for (Path root : roots) {
            for (Path file : list(root)) {
                String name = root.relativize(file).toString().replace('\\', '/');
                name = name.substring(0, name.length() - SUFFIX.length());
                if (wanted.test(name)) {
                    visitor.visit(read(file), where(file));
                }
            }
        }
    }

    private static List<Path> list(Path root) throws CallGraphException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(ClassFiles::isClass).sorted().toList();
        } catch (IOException | RuntimeException e) {
            throw new CallGraphException("cannot list '" + root + "': " + e.getMessage(), e);
        }
    }

    private static boolean isClass(Path file) {
        String name = file.toString();
        return name.endsWith(SUFFIX) && !name.endsWith("module-info.class") && !name.startsWith("/META-INF/");
    }

    private static byte[] read(Path file) throws CallGraphException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CallGraphException(
                    "cannot read " + where(file) + ": " + e.getMessage() + ": build or fetch it again", e);
        }
    }

    private static String where(Path file) {
        return file.getFileSystem().equals(FileSystems.getDefault())
                ? "'" + file + "'"
                : "'" + file + "' of '" + file.getFileSystem() + "'";
    }

    /** The class of this internal name, in the paths or in the JDK, or null. */
    @Nullable
    Found find(String name) throws CallGraphException {
        if (name.startsWith("java/")) {
            return inJdk(name);
        }
        for (Path root : roots) {
            Path file = root.resolve(name + SUFFIX);
            if (Files.exists(file)) {
                return new Found(read(file), where(file));
            }
        }
        return inJdk(name);
    }

    /** The boot and the platform loader's: this program's own class path must not leak into the answer. */
    private static @Nullable Found inJdk(String name) throws CallGraphException {
        try (InputStream in = ClassLoader.getPlatformClassLoader().getResourceAsStream(name + SUFFIX)) {
            return in == null ? null : new Found(in.readAllBytes(), "'" + name + "' of the JDK");
        } catch (IOException e) {
            throw new CallGraphException("cannot read the JDK's class " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        for (FileSystem jar : jars) {
            try {
                jar.close();
            } catch (IOException e) {
                throw new IllegalStateException("a jar that was only read cannot be closed", e);
            }
        }
    }
}
