package io.milena.server.coordinator.group.consumer;

import io.milena.server.cluster.ClusterImage;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.MemberRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.OldMetadataRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.RegexRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetEpochRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetRemoved;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The consumer groups of one shard, by id. */
public final class ConsumerGroups {
    private final Map<String, ConsumerGroup> groups = new HashMap<>();

    /** The group, null if there is none of that id. */
    public @Nullable ConsumerGroup find(String groupId) {
        return groups.get(groupId);
    }

    /** All groups, in no order. */
    public Collection<ConsumerGroup> all() {
        return groups.values();
    }

    /** Takes in a record. The end of something that is not there is passed over. */
    public void apply(ConsumerGroupRecord record) {
        if (record instanceof EpochRemoved) {
            groups.remove(record.groupId());
            return;
        }
        ConsumerGroup group = isEnd(record)
                ? groups.get(record.groupId())
                : groups.computeIfAbsent(record.groupId(), ConsumerGroup::new);
        if (group != null) {
            group.apply(record);
        }
    }

    /** Whether the record stands for the end of something. */
    public static boolean isEnd(ConsumerGroupRecord record) {
        return record instanceof CurrentRemoved
                || record instanceof TargetRemoved
                || record instanceof TargetEpochRemoved
                || record instanceof MemberRemoved
                || record instanceof RegexRemoved
                || record instanceof OldMetadataRemoved
                || record instanceof EpochRemoved;
    }

    /** Notes which groups have to look at their topics again. */
    public void topicsChanged(ClusterImage previous, ClusterImage next) {
        boolean others = previous.topicCount() != next.topicCount();
        for (ConsumerGroup group : groups.values()) {
            for (String topic : group.topicNames()) {
                if (!Objects.equals(previous.topic(topic), next.topic(topic))) {
                    group.metadataStale(true);
                }
            }
            if (others) {
                group.regexesStale(true);
            }
        }
    }
}
