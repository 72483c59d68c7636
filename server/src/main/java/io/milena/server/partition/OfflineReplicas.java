package io.milena.server.partition;

import io.milena.server.storage.DataFolder;
import io.milena.server.strand.Timers;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the partitions of data folders that failed out of service, and lets the cluster know that nobody leads them. Any thread.
 */
public final class OfflineReplicas {
    static final long RETRY_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(OfflineReplicas.class);

    private final Partitions partitions;
    private final Timers timers;
    private final Function<Map<UUID, Set<Integer>>, CompletionStage<Integer>> leadersLost;

    /** @param leadersLost tells the cluster of partitions that lost their leader, by the id of the topic; fails if it does not know then */
    public OfflineReplicas(
            Partitions partitions,
            Timers timers,
            Function<Map<UUID, Set<Integer>>, CompletionStage<Integer>> leadersLost) {
        this.partitions = partitions;
        this.timers = timers;
        this.leadersLost = leadersLost;
    }

    /** A data folder failed: takes its partitions out of service. */
    public void folderFailed(DataFolder folder) {
        CompletionStage<Void> taken = CompletableFuture.allOf(partitions.all().stream()
                .filter(partition -> partition.folder() == folder)
                .map(partitions::takeOffline)
                .toArray(CompletableFuture<?>[]::new));
        taken.thenCompose(done -> report());
    }

    /** Lets the cluster know of all that are out of service now; completed when it does, or will be told again. */
    public CompletionStage<Void> report() {
        Collection<PartitionIdentity> offline = partitions.offline();
        if (offline.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Map<UUID, Set<Integer>> byTopic = new HashMap<>();
        for (PartitionIdentity identity : offline) {
            byTopic.computeIfAbsent(identity.topicId(), id -> new HashSet<>()).add(identity.index());
        }
        return leadersLost.apply(byTopic).handle((changed, failure) -> {
            if (failure == null) {
                LOG.warn("partitions without leader: count={} some={}", offline.size(), NameList.some(offline));
            } else {
                timers.schedule(RETRY_MS, this::report);
            }
            return null;
        });
    }
}
