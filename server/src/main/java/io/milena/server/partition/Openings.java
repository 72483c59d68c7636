package io.milena.server.partition;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Logs that are to be opened, by data folder: each folder is a disk of its own, so each has its own limit of how many at a time. */
final class Openings {
    private static final Path ANYWHERE = Path.of("");

    private final ParallelTasks disk;
    private final Map<Path, List<Runnable>> byFolder = new LinkedHashMap<>();

    /** @param disk runs the tasks of one folder */
    Openings(ParallelTasks disk) {
        this.disk = disk;
    }

    /** @param folder where the log lies, null if it is new */
    void add(@Nullable Path folder, Runnable opening) {
        byFolder.computeIfAbsent(folder == null ? ANYWHERE : folder, path -> new ArrayList<>())
                .add(opening);
    }

    /** Completed when all were tried. */
    CompletableFuture<Void> run() {
        return CompletableFuture.allOf(byFolder.values().stream().map(disk::run).toArray(CompletableFuture<?>[]::new));
    }
}
