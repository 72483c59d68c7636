package io.milena.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder for the data of one trial. */
final class Folder {
    private final Path path;

    private Folder(Path path) {
        this.path = path;
    }

    static Folder create() throws IOException {
        return new Folder(Files.createTempDirectory("milena-benchmark"));
    }

    Path path() {
        return path;
    }

    void delete() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> found = Files.walk(path)) {
            deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
