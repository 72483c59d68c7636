package io.milena.server.coordinator.group.record;

import io.milena.protocol.message.ConsumerGroupCurrentMemberAssignmentValue;
import io.milena.protocol.message.ConsumerGroupMemberMetadataValue;
import io.milena.protocol.message.ConsumerGroupTargetAssignmentMemberValue;
import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The stored form of what a member of a consumer group said and has. Without state. */
final class ConsumerMemberValues {
    private ConsumerMemberValues() {}

    static ConsumerGroupMemberMetadataValue write(ConsumerMemberMetadata metadata) {
        return new ConsumerGroupMemberMetadataValue()
                .instanceId(metadata.instanceId())
                .rackId(metadata.rackId())
                .clientId(metadata.clientId())
                .clientHost(metadata.clientHost())
                .subscribedTopicNames(List.copyOf(metadata.topicNames()))
                .subscribedTopicRegex(metadata.topicRegex())
                .rebalanceTimeoutMs(metadata.rebalanceTimeoutMs())
                .serverAssignor(metadata.serverAssignor())
                .classicMemberMetadata(write(metadata.classic()));
    }

    private static ConsumerGroupMemberMetadataValue.@Nullable ClassicMemberMetadata write(
            @Nullable ClassicSupport classic) {
        if (classic == null) {
            return null;
        }
        List<ConsumerGroupMemberMetadataValue.ClassicProtocol> protocols = new ArrayList<>();
        for (ClassicSupport.Protocol protocol : classic.protocols()) {
            protocols.add(new ConsumerGroupMemberMetadataValue.ClassicProtocol()
                    .name(protocol.name())
                    .metadata(protocol.metadata().array()));
        }
        return new ConsumerGroupMemberMetadataValue.ClassicMemberMetadata()
                .sessionTimeoutMs(classic.sessionTimeoutMs())
                .supportedProtocols(protocols);
    }

    static ConsumerMemberMetadata readMetadata(Reader reader, short version) {
        ConsumerGroupMemberMetadataValue value = ConsumerGroupMemberMetadataValue.read(reader, version);
        return new ConsumerMemberMetadata(
                value.instanceId(),
                value.rackId(),
                value.clientId(),
                value.clientHost(),
                ConsumerMemberMetadata.sorted(value.subscribedTopicNames()),
                value.subscribedTopicRegex(),
                value.rebalanceTimeoutMs(),
                value.serverAssignor(),
                readClassic(value.classicMemberMetadata()));
    }

    private static @Nullable ClassicSupport readClassic(
            ConsumerGroupMemberMetadataValue.@Nullable ClassicMemberMetadata stored) {
        if (stored == null) {
            return null;
        }
        List<ClassicSupport.Protocol> protocols = new ArrayList<>();
        stored.supportedProtocols()
                .forEach(protocol -> protocols.add(
                        new ClassicSupport.Protocol(protocol.name(), OpaqueBytes.of(protocol.metadata()))));
        return new ClassicSupport(stored.sessionTimeoutMs(), protocols);
    }

    static ConsumerGroupCurrentMemberAssignmentValue write(CurrentAssignment current) {
        return new ConsumerGroupCurrentMemberAssignmentValue()
                .memberEpoch(current.epoch())
                .previousMemberEpoch(current.previousEpoch())
                .state(current.state().code())
                .assignedPartitions(write(current.assigned()))
                .partitionsPendingRevocation(write(current.pendingRevocation()));
    }

    private static List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> write(OwnedPartitions owned) {
        List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics = new ArrayList<>();
        owned.topics()
                .forEach((topic, epochs) -> topics.add(new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions()
                        .topicId(topic)
                        .partitions(List.copyOf(epochs.keySet()))
                        .assignmentEpochs(List.copyOf(epochs.values()))));
        return topics;
    }

    static CurrentAssignment readCurrent(Reader reader, short version) {
        ConsumerGroupCurrentMemberAssignmentValue value =
                ConsumerGroupCurrentMemberAssignmentValue.read(reader, version);
        return new CurrentAssignment(
                value.memberEpoch(),
                value.previousMemberEpoch(),
                MemberState.of(value.state()),
                readOwned(value.assignedPartitions(), value.memberEpoch()),
                readOwned(value.partitionsPendingRevocation(), value.memberEpoch()));
    }

    /** Older releases did not store epochs: the member's own is the latest that can be. */
    private static OwnedPartitions readOwned(
            List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> stored, int memberEpoch) {
        Map<UUID, Map<Integer, Integer>> topics = new HashMap<>();
        for (ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions topic : stored) {
            List<Integer> partitions = topic.partitions();
            List<Integer> epochs = topic.assignmentEpochs();
            if (epochs != null && !epochs.isEmpty() && epochs.size() != partitions.size()) {
                throw new ProtocolException(
                        partitions.size() + " partitions have " + epochs.size() + " assignment epochs");
            }
            Map<Integer, Integer> owned = topics.computeIfAbsent(topic.topicId(), id -> new HashMap<>());
            for (int i = 0; i < partitions.size(); i++) {
                owned.put(partitions.get(i), epochs == null || epochs.isEmpty() ? memberEpoch : epochs.get(i));
            }
        }
        return new OwnedPartitions(topics);
    }

    static TopicPartitions readTarget(List<ConsumerGroupTargetAssignmentMemberValue.TopicPartition> stored) {
        Map<UUID, Set<Integer>> topics = new HashMap<>();
        stored.forEach(topic ->
                topics.computeIfAbsent(topic.topicId(), id -> new TreeSet<>()).addAll(topic.partitions()));
        return new TopicPartitions(topics);
    }
}
