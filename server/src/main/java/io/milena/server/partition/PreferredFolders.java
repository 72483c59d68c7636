package io.milena.server.partition;

import io.milena.server.storage.DataFolder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** In which data folders partitions that do not exist yet are to lie. Forgotten when the broker stops, as Kafka does. Any thread. */
final class PreferredFolders {
    /** How many are remembered; beyond it the oldest is forgotten. */
    static final int MAX_REMEMBERED = 10_000;

    private final Map<String, DataFolder> byPartition = new LinkedHashMap<>();

    synchronized void put(String partition, DataFolder folder) {
        byPartition.remove(partition);
        byPartition.put(partition, folder);
        if (byPartition.size() > MAX_REMEMBERED) {
            byPartition.remove(byPartition.keySet().iterator().next());
        }
    }

    /** The folder that was asked for, or null; it is forgotten then. */
    synchronized @Nullable DataFolder take(String partition) {
        return byPartition.remove(partition);
    }
}
