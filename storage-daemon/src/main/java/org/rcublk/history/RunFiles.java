// Copyright The rcublk authors
// SPDX-License-Identifier: Apache-2.0
package org.rcublk.history;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The runs below a state directory and their files.
 *
 * <p>Each run of the daemon is a queue of its own, {@code history/run-000001} and so on: what a crash left behind is only
 * read and deleted, never written to again.
 */
final class RunFiles {
    /** Sorted by name, the files of a run are sorted by age. */
    static final String SUFFIX = ".cq4";

    private static final Pattern RUN = Pattern.compile("run-(\\d{6,9})");

    private final Path folder;

    RunFiles(Path stateDirectory) {
        folder = stateDirectory.resolve("history");
    }

    /** Where the runs are. */
    Path folder() {
        return folder;
    }

    Path run(int number) {
        return folder.resolve(String.format("run-%06d", number));
    }

    /** The numbers of the runs, the oldest first. */
    List<Integer> runs() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (Path path : list(folder)) {
            Matcher matcher = RUN.matcher(path.getFileName().toString());
            if (matcher.matches()) {
                numbers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        Collections.sort(numbers);
        return numbers;
    }

    /** The files of records of a run, the oldest first. */
    List<Path> files(int run) throws IOException {
        return list(run(run)).stream()
                .filter(path -> path.toString().endsWith(SUFFIX) && Files.isRegularFile(path)) // a pipe would never end
                .toList();
    }

    /** What all files of all runs take by their lengths, which for sparse files is more than they take on disk. */
    long totalBytes() throws IOException {
        long total = 0;
        for (int run : runs()) {
            for (Path file : list(run(run))) {
                total += size(file);
            }
        }
        return total;
    }

    /**
     * Deletes the oldest files until the rest takes no more than this, but never the given one or what is younger.
     *
     * @param keep the file in use
     * @return how many were deleted
     */
    int prune(long bytes, Path keep) throws IOException {
        long total = totalBytes();
        int deleted = 0;
        for (int run : runs()) {
            for (Path file : files(run)) {
                if (total <= bytes || file.equals(keep)) {
                    return deleted;
                }
                total -= size(file);
                Files.deleteIfExists(file);
                deleted++;
            }
            if (!run(run).equals(keep.getParent()) && files(run).isEmpty()) {
                total -= deleteFolder(run(run));
            }
        }
        return deleted;
    }

    private static long deleteFolder(Path run) throws IOException {
        long freed = 0;
        for (Path file : list(run)) {
            freed += size(file);
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(run);
        return freed;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0; // deleted meanwhile
        }
    }

    /** Sorted; empty for what is not there. */
    private static List<Path> list(Path folder) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(paths::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(paths);
        return paths;
    }
}
