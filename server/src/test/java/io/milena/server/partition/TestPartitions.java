package io.milena.server.partition;

import io.milena.log.LogContext;
import io.milena.log.LogSettings;
import io.milena.log.PartitionLog;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.segment.OpenFiles;
import io.milena.protocol.ErrorCode;
import io.milena.server.metrics.LogActivity;
import io.milena.server.storage.TestFolders;
import io.milena.server.strand.ManualExecutor;
import io.milena.server.strand.ManualTimers;
import io.milena.server.strand.Strand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Partitions over real logs in a temporary folder, led by broker 1, with time and threads in the hands of the test. */
public final class TestPartitions implements PartitionLookup, AutoCloseable {
    public static final int BROKER = 1;
    public static final int EPOCH = 3;
    public static final PartitionSettings SETTINGS = new PartitionSettings(LogSettings.DEFAULTS, 1, true, false);

    private final Path folder;
    private final ManualTimers timers = new ManualTimers();
    private final ManualExecutor home = new ManualExecutor();
    private final ManualExecutor flushThreads = new ManualExecutor();
    private final ManualExecutor background = new ManualExecutor();
    private final OpenFiles openFiles = OpenFiles.withDefaults(Runnable::run);
    private final FakeDisk disk;
    private final PartitionContext context;
    private final Map<PartitionIdentity, Partition> open = new ConcurrentHashMap<>();
    private final Map<String, UUID> ids = new HashMap<>();
    private long writeMs;

    public TestPartitions(Path folder) {
        this.folder = folder;
        this.disk = new FakeDisk(TestFolders.at(folder));
        this.context = new PartitionContext(flushThreads, background, timers, 0, new LogActivity(), disk);
    }

    /** The disk they all lie on. */
    public FakeDisk disk() {
        return disk;
    }

    public ManualTimers timers() {
        return timers;
    }

    /** Runs what strands could not run at once. */
    public ManualExecutor home() {
        return home;
    }

    /** Flushes that wait for a thread. */
    public ManualExecutor flushThreads() {
        return flushThreads;
    }

    /** Runs partitions whose disk is slow. */
    public ManualExecutor background() {
        return background;
    }

    /** What the partitions share. */
    PartitionContext context() {
        return context;
    }

    /** Lets each write take some time from now on. */
    public void slowWrites(long ms) {
        writeMs = ms;
    }

    /** The clock of logs, which each write looks at. */
    private Clock clock() {
        Clock clock = timers.clock();
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return clock.getZone();
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return clock.withZone(zone);
            }

            @Override
            public Instant instant() {
                timers.advance(writeMs);
                return clock.instant();
            }
        };
    }

    /** Leases of files that were not given back. */
    public long leases() {
        return openFiles.leases();
    }

    /** The partitions that somebody still watches. */
    public List<String> watched() {
        List<String> watched = new ArrayList<>();
        for (Partition partition : open.values()) {
            partition.strand().execute(() -> {
                if (partition.isWatched()) {
                    watched.add(partition.toString());
                }
            });
        }
        return watched;
    }

    public Partition create(String topic, int index) {
        return create(topic, index, SETTINGS);
    }

    public Partition create(String topic, int index, PartitionSettings settings) {
        return create(topic, index, settings, home);
    }

    /** A partition whose strand has another home. */
    public Partition create(String topic, int index, PartitionSettings settings, Executor strandHome) {
        Partition partition = closed(topic, index, settings, strandHome);
        lead(partition, EPOCH, List.of(BROKER));
        return partition;
    }

    /** A partition without a role. */
    public Partition closed(String topic, int index, PartitionSettings settings, Executor strandHome) {
        PartitionIdentity identity = new PartitionIdentity(topic, topicId(topic), index);
        LogContext logContext = new LogContext(clock(), Runnable::run, openFiles, LogContext.NO_CHECKPOINTS);
        PartitionLog log = PartitionLog.open(folder.resolve(identity.toString()), settings.log(), logContext);
        Partition partition =
                new Partition(identity, log, settings, 0, new Strand(identity.toString(), strandHome), context);
        open.put(identity, partition);
        return partition;
    }

    public void lead(Partition partition, int epoch, List<Integer> isr) {
        partition.strand().execute(() -> partition.lead(new Leadership(BROKER, epoch, true), isr, isr.size()));
    }

    /** All followers fall behind: the broker leads on with itself as the only replica in sync. */
    public void leadAlone(Partition partition, int epoch, int replicaCount) {
        partition
                .strand()
                .execute(() -> partition.lead(new Leadership(BROKER, epoch, true), List.of(BROKER), replicaCount));
    }

    public void follow(Partition partition, int leader, int epoch) {
        partition.strand().execute(() -> partition.follow(new Leadership(leader, epoch, false)));
    }

    public void delete(Partition partition) {
        open.remove(new PartitionIdentity(partition.topic(), partition.topicId(), partition.index()));
        ids.remove(partition.topic());
        partition.strand().execute(() -> partition.close(PartitionLog::close));
    }

    public UUID topicId(String topic) {
        return ids.computeIfAbsent(topic, name -> UUID.randomUUID());
    }

    /** Appends a batch with one record for each value and gives its size in bytes. */
    public int append(Partition partition, String... values) {
        ByteBuffer batch = batch(values);
        int size = batch.remaining();
        partition.strand().execute(() -> partition.append(batch, AppendOrigin.CLIENT));
        return size;
    }

    /** A batch as a producer sends it. */
    public ByteBuffer batch(String... values) {
        BatchBuilder builder = new BatchBuilder();
        for (String value : values) {
            builder.append(timers.clock().millis(), null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        }
        return builder.build().bytes();
    }

    @Override
    public @Nullable Partition find(String topic, int index) {
        return open.get(new PartitionIdentity(topic, topicId(topic), index));
    }

    @Override
    public @Nullable Partition find(UUID topicId, int index) {
        for (Partition partition : open.values()) {
            if (partition.topicId().equals(topicId) && partition.index() == index) {
                return partition;
            }
        }
        return null;
    }

    @Override
    public ErrorCode whyMissing(String topic, int index) {
        return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    @Override
    public ErrorCode whyMissing(UUID topicId, int index) {
        return ErrorCode.UNKNOWN_TOPIC_ID;
    }

    @Override
    public void close() {
        for (Partition partition : open.values()) {
            partition.strand().execute(() -> partition.close(PartitionLog::close));
        }
        background.runAll();
        home.runAll();
    }
}
