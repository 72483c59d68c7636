package io.milena.server.coordinator.group.consumer.assignor;

import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;
import org.apache.kafka.coordinator.group.api.assignor.SubscriptionType;
import org.apache.kafka.coordinator.group.assignor.RangeAssignor;
import org.apache.kafka.coordinator.group.assignor.UniformAssignor;
import org.apache.kafka.coordinator.group.modern.Assignment;
import org.apache.kafka.coordinator.group.modern.GroupSpecImpl;
import org.apache.kafka.coordinator.group.modern.MemberSubscriptionAndAssignmentImpl;

/** The reference's assignors behind our interface. */
final class ReferenceAssignor implements Assignor {
    private final PartitionAssignor assignor;

    ReferenceAssignor(String name) {
        assignor = name.equals("range") ? new RangeAssignor() : new UniformAssignor();
    }

    @Override
    public String name() {
        return assignor.name();
    }

    @Override
    public Map<String, TopicPartitions> assign(GroupSpec group) {
        Map<String, MemberSubscriptionAndAssignmentImpl> members = new HashMap<>();
        Map<Uuid, Map<Integer, String>> owners = new HashMap<>();
        group.members().forEach((id, member) -> {
            members.put(
                    id,
                    new MemberSubscriptionAndAssignmentImpl(
                            Optional.empty(),
                            Optional.ofNullable(member.instanceId()),
                            theirs(member.topics()),
                            new Assignment(Collections.unmodifiableMap(theirs(member.assigned())))));
            theirs(member.assigned())
                    .forEach((topic, partitions) ->
                            partitions.forEach(partition -> owners.computeIfAbsent(topic, key -> new HashMap<>())
                                    .put(partition, id)));
        });
        SubscriptionType type = group.homogeneous() ? SubscriptionType.HOMOGENEOUS : SubscriptionType.HETEROGENEOUS;
        Map<String, TopicPartitions> assigned = new HashMap<>();
        assignor.assign(new GroupSpecImpl(members, type, owners), new Describer(group))
                .members()
                .forEach((id, assignment) -> assigned.put(id, ours(assignment.partitions())));
        return assigned;
    }

    private static Set<Uuid> theirs(Set<UUID> ids) {
        Set<Uuid> theirs = new HashSet<>();
        ids.forEach(id -> theirs.add(theirs(id)));
        return theirs;
    }

    private static Map<Uuid, Set<Integer>> theirs(TopicPartitions partitions) {
        Map<Uuid, Set<Integer>> theirs = new HashMap<>();
        partitions.topics().forEach((topic, indexes) -> theirs.put(theirs(topic), indexes));
        return theirs;
    }

    private static Uuid theirs(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private static UUID ours(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private static TopicPartitions ours(Map<Uuid, Set<Integer>> partitions) {
        Map<UUID, Set<Integer>> ours = new HashMap<>();
        partitions.forEach((topic, indexes) -> ours.put(ours(topic), indexes));
        return new TopicPartitions(ours);
    }

    private record Describer(GroupSpec group) implements SubscribedTopicDescriber {
        @Override
        public int numPartitions(Uuid topicId) {
            return group.partitionCounts().getOrDefault(ours(topicId), -1);
        }

        @Override
        public Set<String> racksForPartition(Uuid topicId, int partition) {
            return Set.of();
        }
    }
}
