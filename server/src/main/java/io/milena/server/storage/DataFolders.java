package io.milena.server.storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data folders of a broker, in the order of {@code log.dirs}, and the folder of its metadata log, which is one of them or another
 * one. Each has a lock, a {@code meta.properties} with its own id, and its own checkpoints.
 */
public final class DataFolders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataFolders.class);

    private final List<DataFolder> all;
    private final DataFolder metadata;
    private final String clusterId;
    private @Nullable FolderRegister register;
    private volatile List<String> missing = List.of();
    private final List<Consumer<DataFolder>> listeners = new CopyOnWriteArrayList<>();

    private DataFolders(List<DataFolder> all, DataFolder metadata, String clusterId) {
        this.all = List.copyOf(all);
        this.metadata = metadata;
        this.clusterId = clusterId;
    }

    /**
     * Takes possession of the folders. One that cannot be read or written is reported and left out of use.
     *
     * @param dataFolders {@code log.dirs}
     * @param metadataFolder where the metadata log lies
     * @param nodeId whose they must be
     * @throws DataFolderException if one belongs to another node, cluster, process or program, if the metadata's cannot be used, or
     *     none of the others can
     */
    public static DataFolders open(List<String> dataFolders, String metadataFolder, int nodeId) {
        Set<Path> paths = new LinkedHashSet<>();
        for (String folder : dataFolders) {
            if (!paths.add(absolute(folder))) {
                throw new DataFolderException("log.dirs names the folder " + folder + " twice");
            }
        }
        Path metadataPath = absolute(metadataFolder);
        Set<Path> everything = new LinkedHashSet<>(paths);
        everything.add(metadataPath);
        Map<Path, DataFolder> opened = new LinkedHashMap<>();
        boolean complete = false;
        try {
            for (Path path : everything) {
                opened.put(path, FolderOpening.open(path));
            }
            String clusterId = new FolderOwnership(nodeId, metadataPath).identify(opened);
            List<DataFolder> all = new ArrayList<>();
            paths.forEach(path -> all.add(Objects.requireNonNull(opened.get(path))));
            DataFolders folders = new DataFolders(all, Objects.requireNonNull(opened.get(metadataPath)), clusterId);
            folders.checkUsable();
            folders.lookForMissing();
            complete = true;
            return folders;
        } finally {
            if (!complete) {
                opened.values().forEach(DataFolder::close);
            }
        }
    }

    private static Path absolute(String folder) {
        return Path.of(folder).toAbsolutePath().normalize();
    }

    private void checkUsable() {
        if (!metadata.isOnline()) {
            throw new DataFolderException(
                    "the folder of the metadata log cannot be used, and without it the broker cannot start: " + metadata
                            + ": " + metadata.failure());
        }
        if (online().isEmpty()) {
            DataFolder first = all.get(0);
            throw new DataFolderException("none of log.dirs can be used: " + first + ": " + first.failure());
        }
        for (DataFolder folder : all) {
            if (!folder.isOnline()) {
                report(folder);
            }
        }
    }

    private void lookForMissing() {
        register = new FolderRegister(metadata);
        missing = register.update(all);
    }

    /** Whether there is no folder that failed, or was there at an earlier start and is not now. */
    public boolean isComplete() {
        return missing.isEmpty() && online().size() == all.size();
    }

    /** All partitions were found: what is missing held none of them, and need not be missed any longer. */
    public void foundEverything() {
        if (register != null && !missing.isEmpty()) {
            register.forget(missing);
            missing = List.of();
        }
    }

    /** All of {@code log.dirs}, in that order. */
    public List<DataFolder> all() {
        return all;
    }

    /** All of {@code log.dirs} and the metadata's. */
    List<DataFolder> everything() {
        List<DataFolder> everything = new ArrayList<>(all);
        if (!all.contains(metadata)) {
            everything.add(metadata);
        }
        return everything;
    }

    /** Adds somebody who is told of each folder that fails from now on, by the thread that found out. */
    public void onFailure(Consumer<DataFolder> listener) {
        listeners.add(listener);
    }

    /** Whether the broker cannot go on: the metadata's folder failed, or all others. */
    public boolean isLost() {
        return !metadata.isOnline() || online().isEmpty();
    }

    /** Those that are in use. */
    public List<DataFolder> online() {
        return all.stream().filter(DataFolder::isOnline).toList();
    }

    /** Where the metadata log lies. */
    public DataFolder metadata() {
        return metadata;
    }

    /** The cluster they belong to. */
    public String clusterId() {
        return clusterId;
    }

    /** Takes a folder out of use, and reports it; true if it was in use before. */
    public boolean fail(DataFolder folder, String reason) {
        boolean failed = folder.fail(reason);
        if (failed) {
            report(folder);
            listeners.forEach(listener -> listener.accept(folder));
        }
        return failed;
    }

    private static void report(DataFolder folder) {
        LOG.error(
                "data folder failed, its partitions are offline until it is repaired and the broker started again:"
                        + " folder={} reason=\"{}\"",
                folder,
                folder.failure());
    }

    /** Gives them free for others. */
    @Override
    public void close() {
        everything().forEach(DataFolder::close);
    }
}
