package io.milena.server.partition;

import io.milena.log.LogException;
import io.milena.log.PartitionLog;
import io.milena.log.clean.Compactable;
import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ImageListener;
import io.milena.server.cluster.PartitionImage;
import io.milena.server.cluster.TopicImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All partitions this broker holds. Follows the cluster: opens the log of what an image adds, closes and deletes what it takes away,
 * and gives every partition its role. Images are applied one after the other; what blocks on the disk runs on background threads, a
 * limited number at a time. Finding a partition costs one look into a map, on any thread.
 */
public final class Partitions implements PartitionLookup, ImageListener {
    private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

    /** Logs closed or deleted at a time: they wait for the disk, which makes durable together what comes together. */
    private static final int ENDED_AT_A_TIME = 8;

    private final int brokerId;
    private final PartitionStore store;
    private final ParallelTasks opening;
    private final ParallelTasks ending;
    private final Map<String, HostedTopic> byName = new ConcurrentHashMap<>();
    private final Map<UUID, HostedTopic> byId = new ConcurrentHashMap<>();
    private final UnopenedPartitions unopened = new UnopenedPartitions();
    private final LaterEpochs laterEpochs = new LaterEpochs();
    private final List<PartitionListener> listeners = new CopyOnWriteArrayList<>();

    /** Whether the first image was applied: what later ones add is new. */
    private volatile boolean loaded;

    /** The work that was begun last; what follows waits for it. Guarded by this. */
    private CompletionStage<Void> lastWork = CompletableFuture.completedStage(null);

    /** What partitions should be; ahead of the image that requests see, until they are. */
    private volatile ClusterImage latest;

    /**
     * @param brokerId this broker
     * @param store opens and deletes logs
     * @param background runs what blocks on the disk
     * @param parallelism most logs that are opened at a time
     * @param beginning the image before the first one
     */
    public Partitions(
            int brokerId, PartitionStore store, Executor background, int parallelism, ClusterImage beginning) {
        this.brokerId = brokerId;
        this.store = store;
        this.opening = new ParallelTasks(background, parallelism);
        this.ending = new ParallelTasks(background, Math.max(parallelism, ENDED_AT_A_TIME));
        this.latest = beginning;
    }

    /** Adds a listener; before the first image. */
    public void subscribe(PartitionListener listener) {
        listeners.add(listener);
    }

    @Override
    public @Nullable Partition find(String topic, int index) {
        HostedTopic hosted = byName.get(topic);
        return hosted == null ? null : hosted.partition(index);
    }

    @Override
    public @Nullable Partition find(UUID topicId, int index) {
        HostedTopic hosted = byId.get(topicId);
        return hosted == null ? null : hosted.partition(index);
    }

    @Override
    public ErrorCode whyMissing(String topic, int index) {
        TopicImage known = latest.topic(topic);
        return known == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : whyMissing(known, index);
    }

    @Override
    public ErrorCode whyMissing(UUID topicId, int index) {
        TopicImage known = latest.topic(topicId);
        return known == null ? ErrorCode.UNKNOWN_TOPIC_ID : whyMissing(known, index);
    }

    /** All partitions that are here now. */
    public List<Partition> all() {
        List<Partition> all = new ArrayList<>();
        for (HostedTopic topic : byId.values()) {
            all.addAll(topic.all());
        }
        return all;
    }

    /** How many of them take no records because of their disk. Any thread. */
    public int countFailed() {
        int failed = 0;
        for (Partition partition : all()) {
            failed += partition.log().isFailed() ? 1 : 0;
        }
        return failed;
    }

    /** How many should be served here and are not. Any thread. */
    public int countOffline() {
        int offline = unopened.count();
        for (Partition partition : all()) {
            offline += partition.isOffline() ? 1 : 0;
        }
        return offline;
    }

    /** All partitions that are here now, as compaction sees them. */
    public List<Compactable> compactable() {
        List<Compactable> compactable = new ArrayList<>();
        for (Partition partition : all()) {
            compactable.add(new CompactablePartition(partition));
        }
        return compactable;
    }

    @Override
    public CompletionStage<Void> imageChanged(ClusterImage previous, ClusterImage next) {
        latest = next;
        return inTurn(() -> apply(previous, next));
    }

    private synchronized CompletionStage<Void> inTurn(Supplier<CompletionStage<Void>> work) {
        lastWork = lastWork.exceptionally(failure -> null).thenCompose(done -> work.get());
        return lastWork;
    }

    private CompletionStage<Void> apply(ClusterImage previous, ClusterImage next) {
        List<Partition> deleted = withdraw(previous.topicsGoneIn(next));
        Openings openings = new Openings(opening);
        List<Supplier<CompletableFuture<Void>>> updates = new ArrayList<>();
        boolean defaultsChanged = !next.brokerConfigs().equals(previous.brokerConfigs());
        for (TopicImage topic : defaultsChanged ? next.topics() : next.topicsChangedSince(previous)) {
            plan(previous.topic(topic.id()), topic, openings, updates);
        }
        // Deletions first: a topic made again under the same name needs the folders.
        return end(deleted, PartitionLog::delete)
                .thenRun(() -> deleted.forEach(store::deleted))
                .thenCompose(done -> openings.run())
                .thenCompose(done -> CompletableFuture.allOf(
                        updates.stream().map(Supplier::get).toArray(CompletableFuture<?>[]::new)))
                .thenRun(this::reportOnce);
    }

    private void reportOnce() {
        if (!loaded) {
            loaded = true;
            store.report(unopened);
        }
    }

    /** Tries again to open what could not be opened. */
    CompletionStage<Void> retryUnopened() {
        return inTurn(() -> {
            Openings openings = new Openings(opening);
            for (PartitionIdentity identity : unopened.toRetry()) {
                TopicImage topic = latest.topic(identity.topicId());
                HostedTopic hosted = byId.get(identity.topicId());
                PartitionImage image = topic == null ? null : topic.partition(identity.index());
                if (topic == null || hosted == null || image == null) {
                    unopened.opened(identity);
                } else if (hosted.partition(identity.index()) == null) {
                    PartitionSettings settings = store.settings(topic);
                    openings.add(
                            store.foundIn(identity),
                            () -> open(hosted, image, identity, () -> store.create(identity, settings)));
                }
            }
            return openings.run();
        });
    }

    /** Takes a partition whose data folder failed out of service; completed when it is. */
    CompletableFuture<Void> takeOffline(Partition partition) {
        return CompletableFuture.runAsync(
                () -> {
                    if (partition.leadership().isLocal()) {
                        resigned(partition);
                    }
                    partition.goOffline();
                },
                partition.strand());
    }

    /** The partitions that are in no data folder that can be used. */
    Collection<PartitionIdentity> offline() {
        List<PartitionIdentity> offline = new ArrayList<>(unopened.offline());
        for (Partition partition : all()) {
            if (partition.isOffline()) {
                offline.add(new PartitionIdentity(partition.topic(), partition.topicId(), partition.index()));
            }
        }
        return offline;
    }

    /** The leader epochs found in logs that are later than the cluster's, by topic and partition; those that were not told yet. */
    public Map<UUID, Map<Integer, Integer>> laterEpochs() {
        return laterEpochs.take();
    }

    /** Closes all logs; completed when everything is on disk and the data folder is marked as closed cleanly. */
    public CompletionStage<Void> close() {
        List<Partition> open = all();
        return end(open, PartitionLog::close).thenRun(() -> store.closed(open));
    }

    /** Takes away the topics that are gone and gives their partitions. */
    private List<Partition> withdraw(Collection<TopicImage> gone) {
        List<Partition> withdrawn = new ArrayList<>();
        for (TopicImage topic : gone) {
            HostedTopic hosted = byId.remove(topic.id());
            if (hosted != null) {
                byName.remove(topic.name(), hosted);
                withdrawn.addAll(hosted.all());
            }
        }
        return withdrawn;
    }

    /** What is to be done for a topic that is new or has changed: open what is missing, tell the others. */
    private void plan(
            @Nullable TopicImage before,
            TopicImage topic,
            Openings openings,
            List<Supplier<CompletableFuture<Void>>> updates) {
        PartitionSettings settings = store.settings(topic);
        HostedTopic hosted = byId.computeIfAbsent(topic.id(), id -> new HostedTopic(topic.name(), id));
        hosted.grow(topic.partitions().size());
        byName.put(topic.name(), hosted);
        for (PartitionImage image : topic.partitions()) {
            if (image.replicas().contains(brokerId)) {
                Partition known = hosted.partition(image.index());
                if (known == null) {
                    plan(before, hosted, image, settings, openings);
                } else {
                    boolean roleChanged = before == null || !image.equals(before.partition(image.index()));
                    updates.add(() -> CompletableFuture.runAsync(
                            () -> {
                                update(known, settings);
                                if (roleChanged && !known.isClosed() && !known.isOffline()) {
                                    takeRole(known, image);
                                }
                            },
                            known.strand()));
                }
            }
        }
    }

    private void plan(
            @Nullable TopicImage before,
            HostedTopic topic,
            PartitionImage image,
            PartitionSettings settings,
            Openings openings) {
        PartitionIdentity identity = new PartitionIdentity(topic.name(), topic.id(), image.index());
        boolean isNew = loaded && (before == null || before.partition(image.index()) == null);
        openings.add(
                store.foundIn(identity),
                () -> open(
                        topic,
                        image,
                        identity,
                        () -> isNew ? store.create(identity, settings) : store.open(identity, settings)));
    }

    private void open(
            HostedTopic topic, PartitionImage image, PartitionIdentity identity, Supplier<Partition> opening) {
        try {
            Partition partition = opening.get();
            laterEpochs.compare(identity, partition, image.leaderEpoch());
            partition.strand().execute(() -> takeRole(partition, image)); // at once: nobody else knows the partition
            topic.add(partition);
            unopened.opened(identity);
        } catch (PartitionException e) {
            unopened.offline(identity);
        } catch (LogException e) {
            unopened.failed(identity, e);
        }
    }

    private static void update(Partition partition, PartitionSettings settings) {
        if (!partition.isClosed() && !settings.equals(partition.settings())) {
            partition.settings(settings);
        }
    }

    private void takeRole(Partition partition, PartitionImage image) {
        boolean led = partition.leadership().isLocal();
        boolean leads = image.leader() == brokerId;
        Leadership next = new Leadership(image.leader(), image.leaderEpoch(), leads);
        if (leads) {
            partition.lead(next, image.isr(), image.replicas().size());
            listeners.forEach(listener -> listener.leads(partition));
        } else {
            partition.follow(next);
            if (led) {
                resigned(partition);
            }
        }
    }

    /** Completed when all have ended; fails, after all have ended, if one of them did so in an unforeseen way. */
    private CompletableFuture<Void> end(List<Partition> ending, Consumer<PartitionLog> how) {
        List<CompletableFuture<Void>> ended = new ArrayList<>(ending.size());
        List<Runnable> tasks = new ArrayList<>(ending.size());
        for (Partition partition : ending) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            ended.add(end);
            tasks.add(() -> end.completeAsync(
                    () -> {
                        end(partition, how);
                        return null;
                    },
                    partition.strand()));
        }
        return this.ending
                .run(tasks)
                .thenCompose(begun -> CompletableFuture.allOf(ended.toArray(new CompletableFuture<?>[0])));
    }

    private void end(Partition partition, Consumer<PartitionLog> how) {
        if (partition.leadership().isLocal()) {
            resigned(partition);
        }
        try {
            partition.close(how);
        } catch (LogException e) {
            LOG.error("partition not closed cleanly: partition={}", partition, e);
        }
    }

    private void resigned(Partition partition) {
        listeners.forEach(listener -> listener.resigned(partition));
    }

    private ErrorCode whyMissing(TopicImage topic, int index) {
        if (topic.partition(index) == null) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return unopened.contains(new PartitionIdentity(topic.name(), topic.id(), index))
                ? ErrorCode.KAFKA_STORAGE_ERROR
                : ErrorCode.NOT_LEADER_OR_FOLLOWER;
    }
}
