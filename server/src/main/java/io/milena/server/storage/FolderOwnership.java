package io.milena.server.storage;

import io.milena.log.DirectoryProperties;
import io.milena.log.LogException;
import io.milena.protocol.Uuids;
import io.milena.server.cluster.TopicIds;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose folders they are: all of one node of one cluster. New ones are written down as that. */
final class FolderOwnership {
    private final int nodeId;
    private final Path metadata;

    FolderOwnership(int nodeId, Path metadata) {
        this.nodeId = nodeId;
        this.metadata = metadata;
    }

    /** The cluster's id; folders that cannot be read or marked are taken out of use. */
    String identify(Map<Path, DataFolder> folders) {
        Map<Path, DirectoryProperties> known = new HashMap<>();
        for (DataFolder folder : folders.values()) {
            if (folder.isOnline()) {
                read(folder).ifPresent(properties -> known.put(folder.path(), check(folder, properties)));
            }
        }
        String clusterId = clusterId(known, folders.get(metadata));
        for (DataFolder folder : folders.values()) {
            if (folder.isOnline() && !known.containsKey(folder.path())) {
                write(folder, new DirectoryProperties(clusterId, nodeId, TopicIds.next()));
            }
        }
        return clusterId;
    }

    private static Optional<DirectoryProperties> read(DataFolder folder) {
        try {
            return folder.directory().properties();
        } catch (LogException e) {
            folder.fail(DiskErrors.reason(e));
            return Optional.empty();
        }
    }

    private static void write(DataFolder folder, DirectoryProperties properties) {
        try {
            folder.directory().properties(properties);
        } catch (LogException e) {
            folder.fail(DiskErrors.reason(e));
        }
    }

    private DirectoryProperties check(DataFolder folder, DirectoryProperties properties) {
        if (properties.nodeId() != nodeId) {
            throw new DataFolderException("the data folder " + folder + " belongs to node " + properties.nodeId()
                    + ", but node.id is " + nodeId);
        }
        return properties;
    }

    private static String clusterId(Map<Path, DirectoryProperties> known, @Nullable DataFolder metadata) {
        String clusterId = null;
        Path first = null;
        for (Map.Entry<Path, DirectoryProperties> entry : known.entrySet()) {
            String other = entry.getValue().clusterId();
            if (clusterId != null && !clusterId.equals(other)) {
                throw new DataFolderException("the data folders belong to different clusters: " + first + " to "
                        + clusterId + ", " + entry.getKey() + " to " + other);
            }
            clusterId = other;
            first = entry.getKey();
        }
        if (clusterId == null) {
            return Uuids.toText(TopicIds.next());
        }
        if (metadata != null && metadata.isOnline() && !known.containsKey(metadata.path())) {
            // Its disk may not be mounted: an empty metadata log would mean that there are no topics.
            throw new DataFolderException("the folder of the metadata log " + metadata + " is new, but " + first
                    + " belongs to the cluster " + clusterId
                    + ": mount its disk, or name the folder that holds the metadata log in metadata.log.dir");
        }
        return clusterId;
    }
}
