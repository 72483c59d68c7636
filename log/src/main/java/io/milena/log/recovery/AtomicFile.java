package io.milena.log.recovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Replaces a whole file so that after a crash it holds either the old or the new content. Any thread. */
public final class AtomicFile {
    private static final String TEMPORARY = ".tmp";

    /** Room a disk must have to count as one that can be written. */
    private static final int PROBE_BYTES = 64 * 1024;

    private AtomicFile() {}

    /** Writes the remaining bytes as the new content, durably. */
    public static void write(Path file, ByteBuffer content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            forceDirectory(directory);
        }
    }

    /** Writes UTF-8 text as the new content, durably. */
    public static void write(Path file, String content) throws IOException {
        write(file, StandardCharsets.UTF_8.encode(content));
    }

    /** Creates a folder, and those it lies in, so that they are there after a crash. Does nothing if it is there. */
    public static void createDirectories(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent != null && !Files.isDirectory(absolute)) {
            createDirectories(parent);
            Files.createDirectories(absolute);
            forceDirectory(parent);
        }
    }

    /** Fails if nothing can be written durably to a folder: tries it with a file that is gone afterwards. */
    public static void probe(Path directory) throws IOException {
        Path file = directory.resolve("probe" + TEMPORARY);
        try {
            write(file, ByteBuffer.allocate(PROBE_BYTES));
        } finally {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + TEMPORARY));
            Files.deleteIfExists(file);
        }
    }

    /** Makes the names of a folder's files durable, where the system can do that. */
    public static void forceDirectory(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
