package io.milena.server.partition;

import io.milena.log.LogContext;
import io.milena.log.LogDirectory;
import io.milena.log.PartitionFolder;
import io.milena.log.PartitionLog;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.BrokerSettings;
import io.milena.server.config.TopicSettings;
import io.milena.server.strand.Strand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the logs of partitions in one data folder and keeps the folder's notes about them. Its methods may block on the disk and be
 * called by several background threads.
 */
public final class PartitionStore {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionStore.class);
    private static final UUID UNKNOWN_ID = new UUID(0, 0);

    private final Supplier<BrokerSettings> broker;
    private final LogDirectory directory;
    private final LogContext context;
    private final Function<String, Strand> strands;
    private final PartitionContext partitionContext;

    /** As noted before the start. */
    private final Map<String, Long> highWatermarks;

    /** What was noted last; for whoever notes, one at a time. */
    private Map<String, Progress> noted = Map.of();

    /** The folders that were there at the start and were not asked for yet, by name, with the id of their topic. */
    private final Map<String, UUID> unclaimed = new ConcurrentHashMap<>();

    /**
     * @param broker the settings as they are now; what topics have not of their own comes from there
     * @param directory where the partitions' folders lie; closed by somebody else, after the last partition
     * @param context what their logs share
     * @param strands makes the strand that owns a partition; its home must not be the threads that call this store
     * @param partitionContext what the partitions share
     */
    public PartitionStore(
            Supplier<BrokerSettings> broker,
            LogDirectory directory,
            LogContext context,
            Function<String, Strand> strands,
            PartitionContext partitionContext) {
        this.broker = broker;
        this.directory = directory;
        this.context = context;
        this.strands = strands;
        this.partitionContext = partitionContext;
        this.highWatermarks = directory.highWatermarks();
        for (PartitionFolder found : directory.partitions()) {
            if (!found.topic().equals(TopicImage.CLUSTER_METADATA)) {
                unclaimed.put(
                        found.path().getFileName().toString(), found.topicId().orElse(UNKNOWN_ID));
            }
        }
    }

    /** What a topic's settings are on this broker. Does not block. */
    PartitionSettings settings(TopicImage topic) {
        BrokerSettings now = broker.get();
        return PartitionSettings.of(TopicSettings.of(now, topic.configs()), now.producerIdExpirationMs());
    }

    /**
     * Opens the log of a partition, which is made if there is none. What lies there of an earlier topic of the same name is deleted.
     *
     * @throws io.milena.log.LogException if the disk fails
     */
    Partition open(PartitionIdentity identity, PartitionSettings settings) {
        String name = identity.toString();
        UUID found = unclaimed.remove(name);
        if (found != null && !found.equals(identity.topicId()) && !found.equals(UNKNOWN_ID)) {
            LOG.warn("deleting the log of an earlier topic: partition={} topicId={}", name, found);
            PartitionLog.open(directory.path().resolve(name), settings.log(), context)
                    .delete();
        }
        if (!identity.topicId().equals(found)) {
            directory.create(identity.topic(), identity.index(), identity.topicId());
        }
        PartitionLog log = PartitionLog.open(directory.path().resolve(name), settings.log(), context);
        long highWatermark = identity.topicId().equals(found) ? highWatermarks.getOrDefault(name, 0L) : 0;
        return new Partition(identity, log, settings, highWatermark, strands.apply(name), partitionContext);
    }

    /** Once all partitions of the first image are open: says what else lies there. It is kept, in case somebody misses it. */
    void reportUnclaimed() {
        if (!unclaimed.isEmpty()) {
            LOG.warn("partitions of no topic: count={} folders={}", unclaimed.size(), unclaimed.keySet());
        }
    }

    /** Notes how far the logs are durable, where they start and what is committed, unless nothing moved. */
    synchronized void checkpoint(Collection<Partition> partitions) {
        Map<String, Progress> now = new HashMap<>();
        Map<String, Long> committed = new HashMap<>();
        for (Partition partition : partitions) {
            long highWatermark = partition.highWatermark();
            committed.put(partition.toString(), highWatermark);
            now.put(
                    partition.toString(),
                    new Progress(partition.log().recoveryPoint(), partition.logStartOffset(), highWatermark));
        }
        if (!now.equals(noted)) {
            directory.checkpoint(logs(partitions));
            directory.checkpointHighWatermarks(committed);
            noted = now;
        }
    }

    /** Notes that all logs were closed. */
    void closed(Collection<Partition> partitions) {
        checkpoint(partitions);
        directory.markClean(logs(partitions));
    }

    private record Progress(long recoveryPoint, long logStartOffset, long highWatermark) {}

    private static List<PartitionLog> logs(Collection<Partition> partitions) {
        List<PartitionLog> logs = new ArrayList<>(partitions.size());
        for (Partition partition : partitions) {
            logs.add(partition.log());
        }
        return logs;
    }
}
