package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.MemberRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.MemberStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.OldMetadataRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.OldMetadataStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.RegexRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.RegexStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetEpochRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetEpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetStored;
import io.milena.server.coordinator.group.record.CurrentAssignment;
import io.milena.server.coordinator.group.record.GroupRecord;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * One consumer group: its members, what each is to have and what each has. Changes by {@link #apply} only, but for two notes that are
 * not stored: whether the topics it subscribes to may have changed, and since when its patterns may be out of date.
 */
public final class ConsumerGroup {
    /** The epoch of a group nobody has joined, and of its targets. */
    static final int FIRST_EPOCH = 1;

    private final String groupId;
    private final Map<String, ConsumerMember> members = new HashMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    private final Map<String, TopicPartitions> targets = new HashMap<>();
    private final Map<String, ResolvedRegex> regexes = new HashMap<>();
    private final PartitionOwners owners = new PartitionOwners();
    private int epoch = FIRST_EPOCH;
    private int targetEpoch = FIRST_EPOCH;
    private long targetTimestampMs;
    private long metadataHash;
    private boolean hasOldMetadata;
    private boolean metadataStale = true;
    private boolean regexesStale = true;
    private @Nullable SortedSet<String> topicNames;
    private @Nullable Set<String> usedRegexes;

    ConsumerGroup(String groupId) {
        this.groupId = groupId;
    }

    /** Takes in a record of this group. */
    void apply(ConsumerGroupRecord record) {
        topicNames = null;
        usedRegexes = null;
        if (record instanceof CurrentStored stored) {
            replace(memberOrNew(stored.memberId()).with(stored.current()));
        } else if (record instanceof MemberStored stored) {
            replace(memberOrNew(stored.memberId()).with(stored.metadata()));
        } else if (record instanceof CurrentRemoved removed) {
            dropCurrent(removed.memberId());
        } else if (record instanceof MemberRemoved removed) {
            remove(removed.memberId());
        } else if (record instanceof TargetStored stored) {
            targets.put(stored.memberId(), stored.partitions());
        } else if (record instanceof TargetRemoved removed) {
            targets.remove(removed.memberId());
        } else {
            applyToGroup(record);
        }
    }

    private void applyToGroup(ConsumerGroupRecord record) {
        if (record instanceof EpochStored stored) {
            epoch = stored.epoch();
            metadataHash = stored.metadataHash();
        } else if (record instanceof TargetEpochStored stored) {
            targetEpoch = stored.epoch();
            targetTimestampMs = stored.timestampMs();
        } else if (record instanceof TargetEpochRemoved) {
            targetEpoch = FIRST_EPOCH;
            targetTimestampMs = 0;
        } else if (record instanceof RegexStored stored) {
            regexes.put(stored.regex(), new ResolvedRegex(stored.topics(), stored.timestampMs()));
        } else if (record instanceof RegexRemoved removed) {
            regexes.remove(removed.regex());
        } else if (record instanceof OldMetadataStored) {
            hasOldMetadata = true;
        } else if (record instanceof OldMetadataRemoved) {
            hasOldMetadata = false;
        }
    }

    private ConsumerMember memberOrNew(String memberId) {
        ConsumerMember member = members.get(memberId);
        return member == null ? ConsumerMember.joining(memberId) : member;
    }

    private void replace(ConsumerMember member) {
        ConsumerMember old = members.put(member.memberId(), member);
        if (old != null) {
            owners.remove(old.memberId(), old.current());
        }
        owners.put(member.memberId(), member.current());
        if (member.instanceId() != null) {
            staticMembers.put(member.instanceId(), member.memberId());
        }
    }

    private void dropCurrent(String memberId) {
        ConsumerMember member = members.get(memberId);
        if (member != null) {
            replace(member.with(CurrentAssignment.NEW));
        }
    }

    private void remove(String memberId) {
        ConsumerMember member = members.remove(memberId);
        if (member != null) {
            owners.remove(memberId, member.current());
            if (member.instanceId() != null) {
                staticMembers.remove(member.instanceId(), memberId);
            }
        }
    }

    public String groupId() {
        return groupId;
    }

    int epoch() {
        return epoch;
    }

    int targetEpoch() {
        return targetEpoch;
    }

    /** When the targets were computed, 0 if never or unknown. */
    long targetTimestampMs() {
        return targetTimestampMs;
    }

    long metadataHash() {
        return metadataHash;
    }

    /** Whether a record of Kafka 4.0 is still to be removed. */
    boolean hasOldMetadata() {
        return hasOldMetadata;
    }

    Map<String, ConsumerMember> members() {
        return Collections.unmodifiableMap(members);
    }

    @Nullable
    ConsumerMember member(String memberId) {
        return members.get(memberId);
    }

    /**
     * The member of that id.
     *
     * @throws CoordinatorException with {@code UNKNOWN_MEMBER_ID}
     */
    ConsumerMember existing(String memberId) {
        ConsumerMember member = members.get(memberId);
        if (member == null) {
            throw new CoordinatorException(
                    ErrorCode.UNKNOWN_MEMBER_ID, "Member " + memberId + " is not a member of group " + groupId + ".");
        }
        return member;
    }

    /** The member that has the instance id, null if none has. */
    @Nullable
    ConsumerMember staticMember(@Nullable String instanceId) {
        String memberId = instanceId == null ? null : staticMembers.get(instanceId);
        return memberId == null ? null : members.get(memberId);
    }

    /** What a member is to have; nothing if it has no target yet. */
    TopicPartitions target(String memberId) {
        return targets.getOrDefault(memberId, TopicPartitions.EMPTY);
    }

    Map<String, TopicPartitions> targets() {
        return Collections.unmodifiableMap(targets);
    }

    /** What patterns of members stand for, as far as it is known. */
    Map<String, ResolvedRegex> regexes() {
        return Collections.unmodifiableMap(regexes);
    }

    PartitionOwners owners() {
        return owners;
    }

    /** Patterns that members use. */
    Set<String> usedRegexes() {
        Set<String> used = usedRegexes;
        if (used == null) {
            used = Subscriptions.regexes(members.values());
            usedRegexes = used;
        }
        return used;
    }

    /** The names of all topics that members subscribe to. */
    SortedSet<String> topicNames() {
        SortedSet<String> names = topicNames;
        if (names == null) {
            names = new Subscriptions(members.values(), regexes).topicNames();
            topicNames = names;
        }
        return names;
    }

    /** Whether a member consumes the topic. */
    public boolean isSubscribedTo(String topic) {
        return topicNames().contains(topic);
    }

    /** The records of the group's end. */
    public List<GroupRecord> tombstones() {
        List<GroupRecord> records = new ArrayList<>();
        members.keySet().forEach(memberId -> records.add(new CurrentRemoved(groupId, memberId)));
        members.keySet().forEach(memberId -> records.add(new TargetRemoved(groupId, memberId)));
        records.add(new TargetEpochRemoved(groupId));
        members.keySet().forEach(memberId -> records.add(new MemberRemoved(groupId, memberId)));
        regexes.keySet().forEach(regex -> records.add(new RegexRemoved(groupId, regex)));
        records.add(new OldMetadataRemoved(groupId));
        records.add(new EpochRemoved(groupId));
        return records;
    }

    /** Whether nobody is a member. */
    public boolean isEmpty() {
        return members.isEmpty();
    }

    /** Where the group stands. */
    public ConsumerGroupState state() {
        if (members.isEmpty()) {
            return ConsumerGroupState.EMPTY;
        }
        if (epoch > targetEpoch) {
            return ConsumerGroupState.ASSIGNING;
        }
        for (ConsumerMember member : members.values()) {
            if (!member.current().isReconciledTo(targetEpoch)) {
                return ConsumerGroupState.RECONCILING;
            }
        }
        return ConsumerGroupState.STABLE;
    }

    /** Whether the topics it subscribes to may have changed since they were last looked at. */
    boolean isMetadataStale() {
        return metadataStale;
    }

    void metadataStale(boolean stale) {
        metadataStale = stale;
    }

    /** Whether there may be topics that its patterns were not matched against. */
    boolean areRegexesStale() {
        return regexesStale;
    }

    void regexesStale(boolean stale) {
        regexesStale = stale;
    }
}
