package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.ProtocolConnection;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Committed offsets of many groups are all there after a restart. {@code -Doffsets.groups=10000} commits a million of them; how long a
 * start takes until all are loaded is printed and not judged: it belongs to a quiet machine.
 */
class OffsetLoadIT {

    private static final int GROUPS = Integer.getInteger("offsets.groups", 200);
    private static final int OFFSETS_PER_GROUP = 100;
    private static final int GROUPS_PER_FETCH = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final short COMMIT_VERSION = 8;
    private static final short FETCH_VERSION = 8;
    private static final short FIND_VERSION = 4;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldLoadTheOffsetsOfManyGroups() {
        try (BrokerProcess broker =
                new BrokerProcess(BrokerKind.selected(), Map.of("offsets.topic.num.partitions", "50"))) {
            broker.start();
            broker.topic("loaded", OFFSETS_PER_GROUP, Map.of());
            try (ProtocolConnection connection = new ProtocolConnection(broker.port())) {
                for (int group = 0; group < GROUPS; group++) {
                    commit(connection, group);
                }
            }
            broker.terminate();

            long started = System.nanoTime();
            broker.start();
            long ready = System.nanoTime();
            try (ProtocolConnection connection = new ProtocolConnection(broker.port())) {
                for (int first = 0; first < GROUPS; first += GROUPS_PER_FETCH) {
                    int from = first;
                    Waiting.until(
                            "the offsets of all groups",
                            TIMEOUT,
                            () -> isLoaded(connection, from),
                            () -> "not all loaded from group " + from);
                }
            }
            System.out.printf(
                    "offsets: committed=%d readyAfterMs=%d loadedAndFetchedAfterMs=%d%n",
                    GROUPS * OFFSETS_PER_GROUP,
                    TimeUnit.NANOSECONDS.toMillis(ready - started),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
        }
    }

    private static void commit(ProtocolConnection connection, int group) {
        Waiting.until(
                "the coordinator",
                TIMEOUT,
                () -> ((FindCoordinatorResponseData) connection.call(
                                        new FindCoordinatorRequestData().setCoordinatorKeys(List.of("group-" + group)),
                                        FIND_VERSION))
                                .coordinators()
                                .get(0)
                                .errorCode()
                        == 0,
                () -> "no coordinator");
        List<OffsetCommitRequestData.OffsetCommitRequestPartition> partitions = new ArrayList<>();
        for (int i = 0; i < OFFSETS_PER_GROUP; i++) {
            partitions.add(new OffsetCommitRequestData.OffsetCommitRequestPartition()
                    .setPartitionIndex(i)
                    .setCommittedOffset(offset(group, i)));
        }
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId("group-" + group)
                .setTopics(List.of(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                        .setName("loaded")
                        .setPartitions(partitions)));
        Waiting.until(
                "a commit",
                TIMEOUT,
                () -> ((OffsetCommitResponseData) connection.call(request, COMMIT_VERSION))
                        .topics().get(0).partitions().stream().allMatch(partition -> partition.errorCode() == 0),
                () -> "not committed");
    }

    /** Whether groups from the given one on answer without error; their offsets must be right then. */
    private static boolean isLoaded(ProtocolConnection connection, int first) {
        int last = Math.min(GROUPS, first + GROUPS_PER_FETCH);
        OffsetFetchRequestData request = new OffsetFetchRequestData();
        for (int group = first; group < last; group++) {
            request.groups()
                    .add(new OffsetFetchRequestData.OffsetFetchRequestGroup()
                            .setGroupId("group-" + group)
                            .setTopics(null));
        }
        OffsetFetchResponseData response = (OffsetFetchResponseData) connection.call(request, FETCH_VERSION);
        if (response.groups().stream().anyMatch(group -> group.errorCode() != 0)) {
            return false;
        }
        for (OffsetFetchResponseData.OffsetFetchResponseGroup group : response.groups()) {
            int number = Integer.parseInt(group.groupId().substring("group-".length()));
            assertThat(group.topics().get(0).partitions())
                    .hasSize(OFFSETS_PER_GROUP)
                    .allSatisfy(partition -> assertThat(partition.committedOffset())
                            .isEqualTo(offset(number, partition.partitionIndex())));
        }
        return true;
    }

    private static long offset(int group, int partition) {
        return group * 1000L + partition;
    }
}
