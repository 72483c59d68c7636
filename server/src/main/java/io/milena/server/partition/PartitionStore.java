package io.milena.server.partition;

import io.milena.log.LogContext;
import io.milena.log.PartitionLog;
import io.milena.server.cluster.TopicImage;
import io.milena.server.config.BrokerSettings;
import io.milena.server.config.TopicSettings;
import io.milena.server.strand.Strand;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Opens, closes and deletes the logs of partitions in one data folder. Its methods block on the disk and may be called by several
 * background threads.
 */
public final class PartitionStore {
    private final BrokerSettings broker;
    private final Path folder;
    private final LogContext context;
    private final Function<String, Strand> strands;
    private final Runnable onStorageFailure;

    /**
     * @param folder where the partitions' folders lie
     * @param context what their logs share
     * @param strands makes the strand that owns a partition
     * @param onStorageFailure told once by each partition whose disk failed
     */
    public PartitionStore(
            BrokerSettings broker,
            Path folder,
            LogContext context,
            Function<String, Strand> strands,
            Runnable onStorageFailure) {
        this.broker = broker;
        this.folder = folder;
        this.context = context;
        this.strands = strands;
        this.onStorageFailure = onStorageFailure;
    }

    /** What a topic's settings are on this broker. Does not block. */
    PartitionSettings settings(TopicImage topic) {
        return PartitionSettings.of(TopicSettings.of(broker, topic.configs()), broker.producerIdExpirationMs());
    }

    /**
     * Opens the log of a partition, which is made if there is none.
     *
     * @throws io.milena.log.LogException if the disk fails
     */
    Partition open(PartitionIdentity identity, PartitionSettings settings) {
        PartitionLog log = PartitionLog.open(folder.resolve(identity.toString()), settings.log(), context);
        return new Partition(identity, log, settings, strands.apply(identity.toString()), onStorageFailure);
    }
}
