package io.milena;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Where an embedded broker keeps its data: a folder that stays, or a temporary one that is deleted when it is closed. */
record Folder(Path path, boolean temporary) implements AutoCloseable {
    static Folder kept(Path path) {
        return new Folder(path, false);
    }

    static Folder fresh() {
        try {
            return new Folder(Files.createTempDirectory("milena-"), true);
        } catch (IOException e) {
            throw new MilenaException("no temporary folder can be created: " + e.getMessage(), e);
        }
    }

    /** Deletes it if it is temporary; a folder that is gone already is no error. */
    @Override
    public void close() {
        if (!temporary || !Files.exists(path)) {
            return;
        }
        try {
            Files.walkFileTree(path, new Deletion());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
