package io.milena.compat.harness;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How far the committed offsets of a group have come in topics with the same number of partitions. */
public final class GroupProgress implements AutoCloseable {

    private final Admin admin;
    private final String group;
    private final int partitions;

    /** Asks the broker each time. */
    public GroupProgress(RunningBroker broker, String group, int partitions) {
        this.admin = broker.admin();
        this.group = group;
        this.partitions = partitions;
    }

    /** The sum of the committed offsets. */
    public long committed(List<String> topics) {
        Map<TopicPartition, OffsetAndMetadata> offsets = committedOffsets();
        return partitions(topics).stream()
                .mapToLong(each -> offset(offsets.get(each)))
                .sum();
    }

    /** How many offsets lie between the committed ones and the ends; topics that do not exist yet fail. */
    public long lag(List<String> topics) throws ExecutionException {
        Map<TopicPartition, OffsetAndMetadata> offsets = committedOffsets();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions(topics).forEach(each -> latest.put(each, OffsetSpec.latest()));
        try {
            return admin.listOffsets(latest).all().get().entrySet().stream()
                    .mapToLong(end -> end.getValue().offset() - offset(offsets.get(end.getKey())))
                    .sum();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }

    private Map<TopicPartition, OffsetAndMetadata> committedOffsets() {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("no offsets of " + group, e);
        }
    }

    private List<TopicPartition> partitions(List<String> topics) {
        return topics.stream()
                .flatMap(topic -> IntStream.range(0, partitions).mapToObj(each -> new TopicPartition(topic, each)))
                .toList();
    }

    private static long offset(@Nullable OffsetAndMetadata committed) {
        return committed == null ? 0 : committed.offset();
    }
}
