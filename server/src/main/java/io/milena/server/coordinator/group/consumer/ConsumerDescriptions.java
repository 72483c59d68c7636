package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupDescribeResponse;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.group.record.ConsumerMemberMetadata;
import io.milena.server.coordinator.group.record.CurrentAssignment;
import io.milena.server.coordinator.group.record.OwnedPartitions;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** How consumer groups look to administrators. Inside the strand; what is returned shares nothing with the groups. */
public final class ConsumerDescriptions {
    /** The type of these groups, as it is listed and filtered by. */
    public static final String TYPE = "consumer";

    private static final byte CLASSIC_MEMBER = 0;
    private static final byte CONSUMER_MEMBER = 1;

    private final ConsumerGroups groups;
    private final ConsumerSettings settings;
    private final Supplier<ClusterImage> images;

    /** @param images the cluster of now */
    public ConsumerDescriptions(ConsumerGroups groups, ConsumerSettings settings, Supplier<ClusterImage> images) {
        this.groups = groups;
        this.settings = settings;
        this.images = images;
    }

    /**
     * One group.
     *
     * @param isOther whether there is a group of that id that is no consumer group
     */
    public ConsumerGroupDescribeResponse.Group describe(String groupId, boolean isOther) {
        ConsumerGroupDescribeResponse.Group described = new ConsumerGroupDescribeResponse.Group().groupId(groupId);
        ConsumerGroup group = groups.find(groupId);
        if (group == null) {
            return described
                    .errorCode(ErrorCode.GROUP_ID_NOT_FOUND)
                    .errorMessage(isOther ? "Group " + groupId + " is not a consumer group." : missing(groupId));
        }
        List<ConsumerGroupDescribeResponse.Member> members = new ArrayList<>();
        group.members().values().forEach(member -> members.add(describe(group, member)));
        return described
                .groupState(group.state().label())
                .groupEpoch(group.epoch())
                .assignmentEpoch(group.targetEpoch())
                .assignorName(
                        Targets.preferred(new Subscriptions(group.members().values(), group.regexes()), settings))
                .members(members);
    }

    private static String missing(String groupId) {
        return "Group " + groupId + " not found.";
    }

    private ConsumerGroupDescribeResponse.Member describe(ConsumerGroup group, ConsumerMember member) {
        ConsumerMemberMetadata metadata = member.metadata();
        return new ConsumerGroupDescribeResponse.Member()
                .memberId(member.memberId())
                .memberEpoch(member.epoch())
                .instanceId(metadata.instanceId())
                .rackId(metadata.rackId())
                .clientId(metadata.clientId())
                .clientHost(metadata.clientHost())
                .subscribedTopicNames(List.copyOf(metadata.topicNames()))
                .subscribedTopicRegex(metadata.topicRegex())
                .assignment(assignment(held(member.current())))
                .targetAssignment(assignment(group.target(member.memberId())))
                .memberType(member.isClassic() ? CLASSIC_MEMBER : CONSUMER_MEMBER);
    }

    /** What a member is still to give up it has, too. */
    private static TopicPartitions held(CurrentAssignment current) {
        Map<UUID, Set<Integer>> held = new HashMap<>();
        for (OwnedPartitions owned : List.of(current.assigned(), current.pendingRevocation())) {
            owned.topics()
                    .forEach((topic, epochs) ->
                            held.computeIfAbsent(topic, id -> new HashSet<>()).addAll(epochs.keySet()));
        }
        return new TopicPartitions(held);
    }

    /** Topics that were deleted have no name to be shown. */
    private ConsumerGroupDescribeResponse.Assignment assignment(TopicPartitions partitions) {
        ClusterImage image = images.get();
        List<ConsumerGroupDescribeResponse.TopicPartitions> topics = new ArrayList<>();
        partitions.topics().forEach((id, indexes) -> {
            TopicImage topic = image.topic(id);
            if (topic != null) {
                topics.add(new ConsumerGroupDescribeResponse.TopicPartitions()
                        .topicId(id)
                        .topicName(topic.name())
                        .partitions(List.copyOf(indexes)));
            }
        });
        return new ConsumerGroupDescribeResponse.Assignment().topicPartitions(topics);
    }

    /**
     * The groups of the shard that pass both filters.
     *
     * @param states states in lower case; all if empty
     * @param types types in lower case; all if empty
     */
    public List<ListGroupsResponse.Group> list(Set<String> states, Set<String> types) {
        List<ListGroupsResponse.Group> listed = new ArrayList<>();
        if (!types.isEmpty() && !types.contains(TYPE)) {
            return listed;
        }
        for (ConsumerGroup group : groups.all()) {
            String state = group.state().label();
            if (states.isEmpty() || states.contains(state.toLowerCase(Locale.ROOT))) {
                listed.add(new ListGroupsResponse.Group()
                        .groupId(group.groupId())
                        .protocolType(TYPE)
                        .groupState(state)
                        .groupType(TYPE));
            }
        }
        return listed;
    }
}
