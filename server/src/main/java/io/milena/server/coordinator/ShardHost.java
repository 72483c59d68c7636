package io.milena.server.coordinator;

import io.milena.protocol.ErrorCode;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionListener;
import io.milena.server.strand.Timers;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Keeps a shard for each partition of one internal topic that is led here: loads it when the lead begins, brings work to it, and
 * lets it go when the lead ends. May be used from any thread.
 *
 * @param <T> the records of the topic, decoded
 * @param <S> the shards
 */
public final class ShardHost<T, S extends Shard<T>> implements PartitionListener {
    private final Terms<T, S> terms;
    private final Map<Integer, HostedShard<T, S>> hosted = new ConcurrentHashMap<>();

    /**
     * What all shards of a topic have in common.
     *
     * @param topic name of the topic
     * @param make makes an empty shard
     * @param background runs loading, which reads from disk
     * @param commitTimeoutMs how long a reply waits for its records to be committed
     */
    public record Terms<T, S extends Shard<T>>(
            String topic,
            RecordCodec<T> codec,
            Function<ShardContext<T>, S> make,
            Timers timers,
            Clock clock,
            Executor background,
            long commitTimeoutMs) {}

    public ShardHost(Terms<T, S> terms) {
        this.terms = terms;
    }

    @Override
    public void leads(Partition partition) {
        if (partition.topic().equals(terms.topic())) {
            lead(partition.index(), new PartitionShardLog(partition));
        }
    }

    @Override
    public void resigned(Partition partition) {
        if (partition.topic().equals(terms.topic())) {
            resign(partition.index());
        }
    }

    /** This broker leads the partition: loads its shard, unless it is there already. */
    public void lead(int partition, ShardLog log) {
        hosted.computeIfAbsent(partition, index -> {
            HostedShard<T, S> shard = new HostedShard<>(terms, index, log);
            shard.load();
            return shard;
        });
    }

    /** This broker no longer leads the partition. */
    public void resign(int partition) {
        HostedShard<T, S> shard = hosted.remove(partition);
        if (shard != null) {
            shard.close();
        }
    }

    /** Lets all shards go, so that nobody waits for them any more. */
    public void close() {
        hosted.keySet().forEach(this::resign);
    }

    /**
     * Runs an operation on the partition's shard, inside the strand.
     *
     * @return what the operation returns; failed with a {@link CoordinatorException} if it threw one, if the partition is not led
     *     here, or if its shard is not loaded yet
     */
    public <R> CompletionStage<R> execute(int partition, Function<S, CompletionStage<R>> operation) {
        HostedShard<T, S> shard = hosted.get(partition);
        if (shard == null) {
            return CompletableFuture.failedFuture(
                    new CoordinatorException(ErrorCode.NOT_COORDINATOR, "another broker coordinates it"));
        }
        return shard.execute(operation);
    }

    /** Runs an operation on every shard that is hosted, each inside its strand. */
    public <R> List<CompletionStage<R>> executeOnAll(Function<S, CompletionStage<R>> operation) {
        List<CompletionStage<R>> results = new ArrayList<>();
        for (HostedShard<T, S> shard : hosted.values()) {
            results.add(shard.execute(operation));
        }
        return results;
    }
}
