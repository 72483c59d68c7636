package io.milena.server.storage;

import io.milena.log.DirectoryProperties;
import io.milena.log.LogDirectory;
import io.milena.log.LogException;
import io.milena.protocol.Uuids;
import io.milena.server.cluster.TopicIds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes down whose data folders are before a broker uses them for the first time. For one thread. */
public final class FolderFormat {
    private static final Pattern CLUSTER_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");

    private final int nodeId;
    private @Nullable String clusterId;

    /** What to do with a folder that is formatted. */
    public enum Existing {
        REFUSE,
        LEAVE
    }

    /** @param clusterId the cluster's id; null takes that of folders that are formatted, else a random one */
    public FolderFormat(int nodeId, @Nullable String clusterId) {
        this.nodeId = nodeId;
        this.clusterId = clusterId;
    }

    /**
     * Creates and marks the folders; none is changed if one is refused.
     *
     * @return a line for people about each
     * @throws DataFolderException if one is in use, cannot be written, is formatted and must not be, or belongs to others
     */
    public List<String> format(List<String> dataFolders, String metadataFolder, Existing existing) {
        if (clusterId != null && !CLUSTER_ID.matcher(clusterId).matches()) {
            throw new DataFolderException("\"" + clusterId
                    + "\" cannot be a cluster id: it takes letters, digits, dashes and" + " underscores, at most 64");
        }
        Set<Path> paths = new LinkedHashSet<>();
        dataFolders.forEach(folder -> paths.add(Path.of(folder).toAbsolutePath().normalize()));
        paths.add(Path.of(metadataFolder).toAbsolutePath().normalize());
        List<Path> fresh = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (Path path : paths) {
            Optional<DirectoryProperties> known = known(path);
            if (known.isEmpty()) {
                fresh.add(path);
            } else if (existing == Existing.REFUSE) {
                throw new DataFolderException("the data folder " + path + " is formatted already, for the cluster "
                        + known.get().clusterId()
                        + ": nothing was changed (--ignore-formatted leaves such folders as they are)");
            } else {
                check(path, known.get());
                lines.add(line("left as it is", path, known.get()));
            }
        }
        String cluster = clusterId == null ? Uuids.toText(TopicIds.next()) : clusterId;
        for (Path path : fresh) {
            lines.add(line("formatted", path, write(path, cluster)));
        }
        return lines;
    }

    private void check(Path path, DirectoryProperties known) {
        if (known.nodeId() != nodeId || (clusterId != null && !clusterId.equals(known.clusterId()))) {
            throw new DataFolderException("the data folder " + path + " belongs to node " + known.nodeId()
                    + " of the cluster " + known.clusterId());
        }
        clusterId = known.clusterId();
    }

    private static Optional<DirectoryProperties> known(Path path) {
        return Files.isDirectory(path) ? opened(path, LogDirectory::properties) : Optional.empty();
    }

    private DirectoryProperties write(Path path, String cluster) {
        DirectoryProperties properties = new DirectoryProperties(cluster, nodeId, TopicIds.next());
        return opened(path, directory -> {
            directory.properties(properties);
            return properties;
        });
    }

    private static <T> T opened(Path path, Function<LogDirectory, T> action) {
        DataFolder folder = FolderOpening.open(path);
        try {
            if (!folder.isOnline()) {
                throw new DataFolderException("the data folder " + path + " cannot be used: " + folder.failure());
            }
            return action.apply(folder.directory());
        } catch (LogException e) {
            throw new DataFolderException("the data folder " + path + " cannot be used: " + DiskErrors.reason(e), e);
        } finally {
            folder.close();
        }
    }

    private static String line(String what, Path path, DirectoryProperties properties) {
        return what + ": folder=" + path + " clusterId=" + properties.clusterId() + " nodeId=" + properties.nodeId()
                + " directoryId=" + Uuids.toText(properties.directoryId());
    }
}
