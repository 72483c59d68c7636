package io.milena.server.coordinator.group.record;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a member of a consumer group said of itself.
 *
 * @param instanceId name of a static member, null for a dynamic one
 * @param rackId where it runs, null if it does not say
 * @param clientHost address of the client as Kafka shows it
 * @param topicNames topics it wants by name
 * @param topicRegex pattern of the names of topics it wants, null or empty if it has none
 * @param rebalanceTimeoutMs how long it may take to give up partitions
 * @param serverAssignor who is to share out the partitions, null if it does not mind
 * @param classic set for a member that speaks the classic protocol
 */
public record ConsumerMemberMetadata(
        @Nullable String instanceId,
        @Nullable String rackId,
        String clientId,
        String clientHost,
        SortedSet<String> topicNames,
        @Nullable String topicRegex,
        int rebalanceTimeoutMs,
        @Nullable String serverAssignor,
        @Nullable ClassicSupport classic) {
    /** Of a member that has said nothing yet. */
    public static final ConsumerMemberMetadata NOTHING =
            new ConsumerMemberMetadata(null, null, "", "", new TreeSet<>(), "", -1, null, null);

    public ConsumerMemberMetadata {
        topicNames = Collections.unmodifiableSortedSet(new TreeSet<>(topicNames));
    }

    /** Names in order. */
    public static SortedSet<String> sorted(Collection<String> names) {
        return new TreeSet<>(names);
    }

    /** The pattern, null if there is none. */
    public @Nullable String regex() {
        return topicRegex == null || topicRegex.isEmpty() ? null : topicRegex;
    }
}
