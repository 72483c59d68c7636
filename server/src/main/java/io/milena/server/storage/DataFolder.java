package io.milena.server.storage;

import io.milena.log.DirectoryProperties;
import io.milena.log.LogDirectory;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One folder of {@code log.dirs}. It is in use, or has failed and stays so until the broker is started again. Any thread. */
public final class DataFolder {
    /** A disk that has less is full, whatever it says. */
    private static final long TINY_BYTES = 64 << 10;

    /** A disk that was full must have this much before it is used again, so that it does not change from moment to moment. */
    private static final long LEAST_ROOM_BYTES = 256 << 10;

    private static final long MOST_ROOM_BYTES = 16 << 20;
    private static final int ROOM_FRACTION = 64;

    private final Path path;
    private final @Nullable LogDirectory directory;
    private final @Nullable Object key;
    private volatile @Nullable String failure;

    DataFolder(Path path, @Nullable LogDirectory directory, @Nullable String failure) {
        this.path = path;
        this.directory = directory;
        this.failure = failure;
        this.key = keyOf(path);
    }

    static DataFolder opened(Path path, LogDirectory directory) {
        return new DataFolder(path, directory, null);
    }

    static DataFolder unusable(Path path, String reason) {
        return new DataFolder(path, null, reason);
    }

    /** Where it is; absolute. */
    public Path path() {
        return path;
    }

    /** Its own id, null if it was not opened. */
    @Nullable
    UUID id() {
        return directory == null
                ? null
                : directory.properties().map(DirectoryProperties::directoryId).orElse(null);
    }

    /** Whether it is in use. */
    public boolean isOnline() {
        return failure == null;
    }

    /** Why it failed, or null. */
    public @Nullable String failure() {
        return failure;
    }

    /** What it holds; throws IllegalStateException if it failed at the start. */
    public LogDirectory directory() {
        if (directory == null) {
            throw new IllegalStateException(path + " was never opened");
        }
        return directory;
    }

    /** Whether a failure of its disk means that there is no room. */
    public boolean isFull(IOException failure) {
        return DiskErrors.isFull(failure) || !hasBytes(TINY_BYTES, TINY_BYTES);
    }

    /** Whether its disk has room for more than a few records; also if the disk does not say. */
    public boolean hasRoom() {
        return hasBytes(LEAST_ROOM_BYTES, MOST_ROOM_BYTES);
    }

    /** Whether the folder that was opened is still the one at its path. */
    boolean isInPlace() {
        return key == null || key.equals(keyOf(path));
    }

    /** What tells a folder from another one at the same path, null if there is none or the system does not say. */
    private static @Nullable Object keyOf(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    private boolean hasBytes(long least, long most) {
        try {
            FileStore store = Files.getFileStore(path);
            return store.getUsableSpace() >= Math.max(least, Math.min(most, store.getTotalSpace() / ROOM_FRACTION));
        } catch (IOException e) {
            return true;
        }
    }

    /** Takes it out of use; true if it was in use before. */
    synchronized boolean fail(String reason) {
        boolean wasOnline = failure == null;
        if (wasOnline) {
            failure = reason;
        }
        return wasOnline;
    }

    void close() {
        if (directory != null) {
            directory.close();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
