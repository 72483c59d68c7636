package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.message.ConsumerProtocolAssignment;
import io.milena.protocol.message.ConsumerProtocolSubscription;
import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import io.milena.protocol.wire.Writer;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What consumers of the classic protocol say to each other in bytes: two bytes of the version, then a message. Later versions only add
 * to the end.
 */
final class EmbeddedProtocol {
    private static final short HIGHEST_VERSION = 3;
    private static final int CAPACITY = 64;

    private EmbeddedProtocol() {}

    private static short known(short version) {
        if (version < 0) {
            throw new ProtocolException("negative version " + version);
        }
        return version > HIGHEST_VERSION ? HIGHEST_VERSION : version;
    }

    /** @throws ProtocolException if it is none */
    static ConsumerProtocolSubscription subscription(OpaqueBytes bytes) {
        Reader reader = new Reader(ByteBuffer.wrap(bytes.array()));
        return ConsumerProtocolSubscription.read(reader, known(reader.readInt16()));
    }

    /** @throws ProtocolException if it is none */
    static ConsumerProtocolAssignment assignment(OpaqueBytes bytes) {
        Reader reader = new Reader(ByteBuffer.wrap(bytes.array()));
        return ConsumerProtocolAssignment.read(reader, known(reader.readInt16()));
    }

    /** An assignment in the version of a member's subscription; topics that are gone are left out. */
    static OpaqueBytes assignment(TopicPartitions partitions, OpaqueBytes subscription, ClusterImage image) {
        List<ConsumerProtocolAssignment.AssignedPartition> topics = new ArrayList<>();
        partitions.topics().forEach((id, indexes) -> {
            TopicImage topic = image.topic(id);
            if (topic != null) {
                topics.add(new ConsumerProtocolAssignment.AssignedPartition()
                        .topic(topic.name())
                        .partitions(List.copyOf(indexes)));
            }
        });
        short version = known(new Reader(ByteBuffer.wrap(subscription.array())).readInt16());
        Writer writer = new Writer(CAPACITY);
        writer.writeInt16(version);
        new ConsumerProtocolAssignment().assignedPartitions(topics).write(writer, version);
        ByteBuffer buffer = writer.buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return OpaqueBytes.of(bytes);
    }

    static TopicPartitions assigned(ConsumerProtocolAssignment assignment, ClusterImage image) {
        Map<UUID, Set<Integer>> topics = new HashMap<>();
        assignment.assignedPartitions().forEach(named -> put(topics, named.topic(), named.partitions(), image));
        return new TopicPartitions(topics);
    }

    static TopicPartitions owned(ConsumerProtocolSubscription subscription, ClusterImage image) {
        Map<UUID, Set<Integer>> topics = new HashMap<>();
        subscription.ownedPartitions().forEach(named -> put(topics, named.topic(), named.partitions(), image));
        return new TopicPartitions(topics);
    }

    private static void put(Map<UUID, Set<Integer>> topics, String name, List<Integer> partitions, ClusterImage image) {
        TopicImage topic = image.topic(name);
        if (topic != null) {
            topics.computeIfAbsent(topic.id(), id -> new HashSet<>()).addAll(partitions);
        }
    }
}
