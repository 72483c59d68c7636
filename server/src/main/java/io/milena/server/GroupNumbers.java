package io.milena.server;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionLookup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The groups of a broker at one time, and how far each is behind what it reads. Unchanging.
 *
 * @param byState how many groups, by type and state
 * @param lag records behind, by group, topic and partition
 * @param groupsLeftOut groups whose lag was not asked for, as there are more than {@link #MAX_GROUPS}
 * @param rowsLeftOut partitions of groups that are not in {@code lag}, as there are more than {@link #MAX_ROWS}
 */
record GroupNumbers(
        Map<List<String>, Integer> byState, Map<List<String>, Long> lag, int groupsLeftOut, int rowsLeftOut) {
    /** Most groups whose lag is looked at: the first by name. */
    static final int MAX_GROUPS = 1_000;

    /** Most partitions of groups whose lag is shown. */
    static final int MAX_ROWS = 5_000;

    private record Offsets(String group, List<OffsetFetchResponse.GroupTopic> topics) {}

    /** Asks the groups; what does not answer is left out. */
    static CompletionStage<GroupNumbers> of(GroupCoordinator groups, PartitionLookup partitions) {
        return allOf(groups.list(Set.of(), Set.of())).thenCompose(lists -> {
            Map<String, ListGroupsResponse.Group> byName = new TreeMap<>();
            for (List<ListGroupsResponse.Group> list : lists) {
                list.forEach(group -> byName.put(group.groupId(), group));
            }
            List<CompletionStage<Offsets>> offsets = new ArrayList<>();
            for (String group : byName.keySet()) {
                if (offsets.size() == MAX_GROUPS) {
                    break;
                }
                offsets.add(groups.fetch(
                                new OffsetFetchRequest.Group().groupId(group).topics(null))
                        .thenApply(topics -> new Offsets(group, topics)));
            }
            int leftOut = byName.size() - offsets.size();
            return allOf(offsets)
                    .thenApply(all -> of(
                            byName.values().stream()
                                    .map(group -> List.of(group.groupType(), group.groupState()))
                                    .toList(),
                            all,
                            leftOut,
                            partitions));
        });
    }

    private static GroupNumbers of(
            List<List<String>> states, List<Offsets> offsets, int groupsLeftOut, PartitionLookup partitions) {
        Map<List<String>, Integer> byState = new HashMap<>();
        states.forEach(state -> byState.merge(state, 1, Integer::sum));
        Map<List<String>, Long> lag = new HashMap<>();
        int rowsLeftOut = 0;
        for (Offsets ofGroup : offsets) {
            for (OffsetFetchResponse.GroupTopic topic : ofGroup.topics()) {
                rowsLeftOut += add(lag, ofGroup.group(), topic, partitions);
            }
        }
        return new GroupNumbers(byState, lag, groupsLeftOut, rowsLeftOut);
    }

    /** Adds the rows of a group and a topic; returns how many there is no room for. */
    private static int add(
            Map<List<String>, Long> lag,
            String group,
            OffsetFetchResponse.GroupTopic topic,
            PartitionLookup partitions) {
        int leftOut = 0;
        for (OffsetFetchResponse.GroupPartition committed : topic.partitions()) {
            Partition partition = partitions.find(topic.name(), committed.partitionIndex());
            if (partition == null || committed.errorCode() != ErrorCode.NONE || committed.committedOffset() < 0) {
                continue;
            }
            if (lag.size() == MAX_ROWS) {
                leftOut++;
            } else {
                List<String> row = List.of(group, topic.name(), Integer.toString(committed.partitionIndex()));
                lag.put(row, Math.max(0, partition.highWatermark() - committed.committedOffset()));
            }
        }
        return leftOut;
    }

    /** What those stages give that do not fail, when all are done. */
    static <T> CompletableFuture<List<T>> allOf(List<CompletionStage<T>> stages) {
        List<CompletableFuture<T>> answered = new ArrayList<>(stages.size());
        for (CompletionStage<T> stage : stages) {
            answered.add(stage.toCompletableFuture());
        }
        return CompletableFuture.allOf(answered.toArray(new CompletableFuture<?>[0]))
                .handle((done, failure) -> answered.stream()
                        .filter(stage -> !stage.isCompletedExceptionally())
                        .map(CompletableFuture::join)
                        .toList());
    }
}
