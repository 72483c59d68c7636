package io.milena.server.storage;

import io.milena.log.LogDirectory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One folder of {@code log.dirs}. It is in use, or has failed and stays so until the broker is started again. Any thread. */
public final class DataFolder {
    private final Path path;
    private final @Nullable LogDirectory directory;
    private volatile @Nullable String failure;

    DataFolder(Path path, @Nullable LogDirectory directory, @Nullable String failure) {
        this.path = path;
        this.directory = directory;
        this.failure = failure;
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
