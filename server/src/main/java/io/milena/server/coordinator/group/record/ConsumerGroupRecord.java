package io.milena.server.coordinator.group.record;

import java.util.SortedSet;

/**
 * A record of a consumer group (KIP-848). Each kind of content has a record for its end; they come in the order in which they are
 * listed here.
 */
public sealed interface ConsumerGroupRecord extends GroupRecord {
    /** A member's own words. */
    record MemberStored(String groupId, String memberId, ConsumerMemberMetadata metadata)
            implements ConsumerGroupRecord {}

    /**
     * The group has a new epoch: its members are to be assigned anew.
     *
     * @param metadataHash of the topics subscribed to, to notice when they change
     */
    record EpochStored(String groupId, int epoch, long metadataHash) implements ConsumerGroupRecord {}

    /** What a member is to have. */
    record TargetStored(String groupId, String memberId, TopicPartitions partitions) implements ConsumerGroupRecord {}

    /**
     * All targets are those of this group epoch.
     *
     * @param timestampMs when they were computed, 0 if unknown
     */
    record TargetEpochStored(String groupId, int epoch, long timestampMs) implements ConsumerGroupRecord {}

    /** What a member has. */
    record CurrentStored(String groupId, String memberId, CurrentAssignment current) implements ConsumerGroupRecord {}

    /**
     * The topics that a pattern stands for.
     *
     * @param version of the cluster's metadata it was matched against
     * @param timestampMs when it was
     */
    record RegexStored(String groupId, String regex, SortedSet<String> topics, long version, long timestampMs)
            implements ConsumerGroupRecord {}

    /** Written by Kafka 4.0 and older, where we keep a hash; to be removed. */
    record OldMetadataStored(String groupId) implements ConsumerGroupRecord {}

    /** A member has nothing any more. */
    record CurrentRemoved(String groupId, String memberId) implements ConsumerGroupRecord {}

    /** A member is to have nothing any more. */
    record TargetRemoved(String groupId, String memberId) implements ConsumerGroupRecord {}

    /** There are no targets any more. */
    record TargetEpochRemoved(String groupId) implements ConsumerGroupRecord {}

    /** The member is gone. */
    record MemberRemoved(String groupId, String memberId) implements ConsumerGroupRecord {}

    /** Nobody uses the pattern any more. */
    record RegexRemoved(String groupId, String regex) implements ConsumerGroupRecord {}

    /** What older releases kept of topics is gone. */
    record OldMetadataRemoved(String groupId) implements ConsumerGroupRecord {}

    /** The group is no more. */
    record EpochRemoved(String groupId) implements ConsumerGroupRecord {}
}
