package io.milena.compat.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicInteger;

/** The folders the tests work in, all below the module's {@code target}. */
public final class Folders {

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private Folders() {}

    /** The folder of this module, which is where the build starts the tests. */
    public static Path module() {
        return Path.of("").toAbsolutePath();
    }

    /** The module's build folder. */
    public static Path target() {
        return module().resolve("target");
    }

    /** The jars of the reference broker and its tools. */
    public static Path kafkaJars() {
        return module().resolve("reference/target/kafka");
    }

    /** A new, empty folder that is left behind for reading after a failure. */
    public static Path fresh(String name) {
        Path folder = target().resolve("runs")
                .resolve(ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet() + "-" + name);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a folder and all below it; files that vanish meanwhile are no error. */
    public static void delete(Path folder) {
        try {
            if (Files.exists(folder)) {
                Files.walkFileTree(folder, new Deleter());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Deleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
