package io.milena.server.cluster;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.server.cluster.ChangeQueue.Decision;
import io.milena.server.cluster.record.BrokerRestarted;
import io.milena.server.cluster.record.ProducerIdsReserved;
import io.milena.server.cluster.record.TopicDeleted;
import io.milena.server.config.BrokerSettings;
import io.milena.server.strand.Strand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Decides all changes of the cluster, one after the other, on its own strand.
 *
 * <p>A change is decided against the newest state, made durable, shown to the listeners and only then answered. Methods may be
 * called from any thread; the stages they return complete on any thread.
 */
public final class Controller implements ImageSource {
    /** How many producer ids a block holds. */
    public static final int PRODUCER_ID_BLOCK = 1000;

    /** Most partitions that one request may create. */
    public static final int MAX_PARTITIONS_PER_REQUEST = 10_000;

    private static final String NOT_WRITTEN = "The change could not be written to the metadata log.";
    private static final String TOO_MANY_PARTITIONS =
            "One request cannot create more than " + MAX_PARTITIONS_PER_REQUEST + " partitions.";

    private final int nodeId;
    private final MetadataLog log;
    private final Strand strand;
    private final LiveSettings settings;
    private final TopicPlanner planner;
    private final ConfigPlanner configPlanner;
    private final InternalTopics internalTopics;
    private final ImagePublisher publisher;
    private final ChangeQueue changes;

    /** Whether a change is made or only tried. */
    public enum Mode {
        APPLY,
        VALIDATE_ONLY
    }

    /**
     * @param beginning what the log does not hold: the cluster's id and the live brokers
     * @param log used by this controller alone, which does not close it
     * @param strand the controller's own, with a home thread that may block on disk
     */
    public Controller(BrokerSettings settings, ClusterImage beginning, MetadataLog log, Strand strand) {
        this.strand = strand;
        nodeId = settings.nodeId();
        this.log = log;
        this.settings = new LiveSettings(settings);
        planner = new TopicPlanner(this.settings, TopicIds::next);
        configPlanner = new ConfigPlanner(this.settings);
        internalTopics = new InternalTopics(settings);
        publisher = new ImagePublisher(beginning, strand::executeLater);
        publisher.subscribe(this.settings); // the first: the others act on what it knows
        changes = new ChangeQueue(log, strand, publisher, beginning, settings.metadataBytesBetweenSnapshots());
    }

    @Override
    public ClusterImage image() {
        return publisher.image();
    }

    /** The broker's settings with what was changed of them at runtime; as new as the image that listeners are told. */
    public BrokerSettings settings() {
        return settings.get();
    }

    /** The offset behind the last change that counts, in the metadata log. */
    public long metadataEndOffset() {
        return log.endOffset();
    }

    /** The epoch in which changes are written to the metadata log. */
    public int metadataEpoch() {
        return log.leaderEpoch();
    }

    @Override
    public void subscribe(ImageListener listener) {
        publisher.subscribe(listener);
    }

    /**
     * Reads the log, elects everything this broker leads anew and shows the first image to the listeners.
     *
     * @return completed when they have acted on it
     */
    public CompletionStage<Void> start() {
        List<Message> restarted = List.of(new BrokerRestarted().brokerId(nodeId));
        return CompletableFuture.runAsync(changes::load, strand::executeLater)
                .thenCompose(loaded -> changes.submit(image -> new Decision<>(restarted, nodeId)))
                .thenAccept(ignored -> {});
    }

    /** Creates topics, each on its own: one that cannot be created does not keep the others from it. One result for each wish. */
    public CompletionStage<List<TopicResult>> createTopics(List<NewTopic> wishes, Mode mode) {
        CompletionStage<List<TopicResult>> created = changes.submit(image -> {
            if (wishes.stream().mapToLong(planner::partitionCount).sum() > MAX_PARTITIONS_PER_REQUEST) {
                return new Decision<>(List.of(), tooMany(wishes));
            }
            List<TopicResult> results = new ArrayList<>(wishes.size());
            List<Message> records = new ArrayList<>(wishes.size());
            ClusterImage latest = image;
            for (NewTopic wish : wishes) {
                TopicResult result = planner.plan(latest, wish);
                TopicImage topic = result.topic();
                if (topic != null && mode == Mode.APPLY) {
                    records.add(ImageReplay.record(topic));
                    latest = latest.change().topic(topic).build();
                }
                results.add(result);
            }
            return new Decision<>(records, results);
        });
        return recovered(
                created, () -> wishes.stream().map(Controller::storageError).toList());
    }

    /** Gives topics more partitions, each topic on its own. One result for each wish. */
    public CompletionStage<List<ChangeResult>> createPartitions(List<MorePartitions> wishes, Mode mode) {
        return changeEach(wishes, mode, image -> {
            long added = wishes.stream()
                    .mapToLong(wish -> PartitionPlanner.added(image, wish))
                    .sum();
            return (latest, wish) -> {
                if (added > MAX_PARTITIONS_PER_REQUEST) {
                    throw new TopicRefusal(ErrorCode.POLICY_VIOLATION, TOO_MANY_PARTITIONS);
                }
                return ImageReplay.record(PartitionPlanner.plan(latest, wish));
            };
        });
    }

    /** Changes settings of topics and brokers, each on its own; all of one or none. One result for each change. */
    public CompletionStage<List<ChangeResult>> alterConfigs(List<ConfigChange> wishes, Mode mode) {
        return changeEach(wishes, mode, image -> configPlanner::plan);
    }

    /** Gives features other levels, all of them or none. */
    public CompletionStage<ChangeResult> updateFeatures(List<FeatureUpdate> updates, Mode mode) {
        CompletionStage<ChangeResult> changed = changes.submit(image -> {
            try {
                List<Message> records = FeaturePlanner.plan(image, updates);
                return new Decision<>(mode == Mode.APPLY ? records : List.of(), ChangeResult.DONE);
            } catch (TopicRefusal refusal) {
                return new Decision<>(List.of(), new ChangeResult(refusal.error(), refusal.getMessage()));
            }
        });
        return recovered(changed, () -> new ChangeResult(ErrorCode.KAFKA_STORAGE_ERROR, NOT_WRITTEN));
    }

    /** Changes quotas, for each on its own. One result for each change. */
    public CompletionStage<List<ChangeResult>> alterQuotas(List<QuotaChange> wishes, Mode mode) {
        return changeEach(wishes, mode, image -> QuotaPlanner::plan);
    }

    /** Changes credentials of users, each on its own. One result for each change. */
    public CompletionStage<List<ChangeResult>> alterCredentials(List<CredentialChange> wishes) {
        return changeEach(wishes, Mode.APPLY, image -> CredentialPlanner::plan);
    }

    /** Creates a topic unless it exists; the result holds the topic in either case. */
    CompletionStage<TopicResult> ensureTopic(NewTopic wish) {
        CompletionStage<TopicResult> ensured = changes.submit(image -> {
            TopicImage existing = image.topic(wish.name());
            if (existing != null) {
                return new Decision<>(List.of(), TopicResult.created(existing));
            }
            TopicResult result = planner.plan(image, wish);
            TopicImage topic = result.topic();
            return new Decision<>(topic == null ? List.of() : List.of(ImageReplay.record(topic)), result);
        });
        return recovered(ensured, () -> storageError(wish));
    }

    /** Creates one of the broker's own topics unless it exists, with as many replicas as there are brokers for. */
    public CompletionStage<TopicResult> createInternalTopic(String name) {
        return ensureTopic(internalTopics.wish(name, image().brokers().size()));
    }

    /** Deletes topics by id: NONE, UNKNOWN_TOPIC_ID or KAFKA_STORAGE_ERROR for each. */
    public CompletionStage<List<ErrorCode>> deleteTopics(List<UUID> ids) {
        CompletionStage<List<ErrorCode>> deleted = changes.submit(image -> {
            List<ErrorCode> results = new ArrayList<>(ids.size());
            List<Message> records = new ArrayList<>(ids.size());
            for (UUID id : ids) {
                if (image.topic(id) == null) {
                    results.add(ErrorCode.UNKNOWN_TOPIC_ID);
                } else {
                    records.add(new TopicDeleted().topicId(id));
                    results.add(ErrorCode.NONE);
                }
            }
            return new Decision<>(records, results);
        });
        return recovered(deleted, () -> Collections.nCopies(ids.size(), ErrorCode.KAFKA_STORAGE_ERROR));
    }

    /**
     * Notes that partitions this broker leads, by the id of their topic, went offline. Fails with a {@link MetadataException} if that
     * cannot be written.
     */
    public CompletionStage<Integer> leadersLost(Map<UUID, Set<Integer>> partitions) {
        return changeTopics(partitions, (topic, indexes) -> topic.withoutLeader(nodeId, indexes));
    }

    /**
     * Notes that partitions, by the id of their topic, were led in later epochs than is known here, as files of another broker tell.
     * Fails with a {@link MetadataException} if that cannot be written.
     */
    public CompletionStage<Integer> epochsFound(Map<UUID, Map<Integer, Integer>> epochs) {
        return changeTopics(epochs, TopicImage::after);
    }

    /** Changes topics that are there; completed with how many there were. */
    private <T> CompletionStage<Integer> changeTopics(
            Map<UUID, T> reasons, BiFunction<TopicImage, T, TopicImage> change) {
        return changes.submit(image -> {
            List<Message> records = new ArrayList<>();
            reasons.forEach((id, reason) -> {
                TopicImage topic = image.topic(id);
                TopicImage changed = topic == null ? null : change.apply(topic, reason);
                if (changed != null && !changed.equals(topic)) {
                    records.add(ImageReplay.record(changed));
                }
            });
            return new Decision<>(records, records.size());
        });
    }

    /**
     * The first of {@link #PRODUCER_ID_BLOCK} producer ids that nobody else gets, also not after a restart. Fails with a {@link
     * MetadataException} if that cannot be made durable.
     */
    public CompletionStage<Long> nextProducerIdBlock() {
        return changes.submit(image -> new Decision<>(
                List.of(new ProducerIdsReserved().nextProducerId(image.nextProducerId() + PRODUCER_ID_BLOCK)),
                image.nextProducerId()));
    }

    /** Decides wishes one after the other, each against what the ones before it left; one that is refused changes nothing. */
    private <W> CompletionStage<List<ChangeResult>> changeEach(
            List<W> wishes, Mode mode, Function<ClusterImage, BiFunction<ClusterImage, W, Message>> planning) {
        CompletionStage<List<ChangeResult>> changed = changes.submit(image -> {
            BiFunction<ClusterImage, W, Message> plan = planning.apply(image);
            List<ChangeResult> results = new ArrayList<>(wishes.size());
            List<Message> records = new ArrayList<>(wishes.size());
            ClusterImage latest = image;
            for (W wish : wishes) {
                try {
                    Message record = plan.apply(latest, wish);
                    if (mode == Mode.APPLY) {
                        records.add(record);
                        latest = ImageReplay.apply(latest, List.of(record));
                    }
                    results.add(ChangeResult.DONE);
                } catch (TopicRefusal refusal) {
                    results.add(new ChangeResult(refusal.error(), refusal.getMessage()));
                }
            }
            return new Decision<>(records, results);
        });
        return recovered(
                changed,
                () -> Collections.nCopies(wishes.size(), new ChangeResult(ErrorCode.KAFKA_STORAGE_ERROR, NOT_WRITTEN)));
    }

    /** What the log refused is part of the answer; anything else is a defect and stays a failure. */
    private static <T> CompletionStage<T> recovered(CompletionStage<T> stage, Supplier<T> whenRefused) {
        return stage.exceptionally(failure -> {
            if (failure instanceof MetadataException
                    || (failure instanceof CompletionException && failure.getCause() instanceof MetadataException)) {
                return whenRefused.get();
            }
            throw failure instanceof CompletionException completion ? completion : new CompletionException(failure);
        });
    }

    private static TopicResult storageError(NewTopic wish) {
        return TopicResult.refused(wish.name(), ErrorCode.KAFKA_STORAGE_ERROR, NOT_WRITTEN);
    }

    private static List<TopicResult> tooMany(List<NewTopic> wishes) {
        return wishes.stream()
                .map(wish -> TopicResult.refused(wish.name(), ErrorCode.POLICY_VIOLATION, TOO_MANY_PARTITIONS))
                .toList();
    }
}
