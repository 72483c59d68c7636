package io.milena.server.handler.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DeleteRecordsRequest;
import io.milena.protocol.message.DeleteRecordsResponse;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.protocol.message.OffsetForLeaderEpochRequest;
import io.milena.protocol.message.OffsetForLeaderEpochResponse;
import io.milena.server.partition.Partition;
import io.milena.server.partition.PartitionSettings;
import io.milena.server.partition.TestPartitions;
import io.milena.server.request.TestRequests;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ListOffsets, OffsetForLeaderEpoch and DeleteRecords. */
class OffsetHandlersTest {
    private static final int LATEST = -1;
    private static final int EARLIEST = -2;
    private static final int MAX_TIMESTAMP = -3;

    @TempDir
    Path folder;

    private TestPartitions partitions;
    private Partition orders;
    private ListOffsetsHandler listOffsets;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        orders = partitions.create("orders", 0);
        listOffsets = new ListOffsetsHandler(partitions, Runnable::run);
    }

    @AfterEach
    void close() {
        assertThat(partitions.leases()).isZero();
        partitions.close();
    }

    @Test
    void shouldListTheEndsOfTheLog() {
        partitions.append(orders, "a", "b", "c");
        orders.strand().execute(() -> orders.deleteBefore(1));

        assertThat(list(LATEST, 11)).isEqualTo(answer(3, -1, TestPartitions.EPOCH));
        assertThat(list(EARLIEST, 11)).isEqualTo(answer(1, -1, TestPartitions.EPOCH));
        assertThat(list(-4, 11)).isEqualTo(answer(1, -1, TestPartitions.EPOCH));
        assertThat(list(LATEST, 3)).isEqualTo(answer(3, -1, -1));
    }

    @Test
    void shouldFindRecordsByTime() {
        long first = partitions.timers().clock().millis();
        partitions.append(orders, "a");
        partitions.timers().advance(1000);
        partitions.append(orders, "b", "c");
        partitions.timers().advance(1000);
        partitions.append(orders, "d");

        assertThat(list(0, 11)).isEqualTo(answer(0, first, TestPartitions.EPOCH));
        assertThat(list(first + 1, 11)).isEqualTo(answer(1, first + 1000, TestPartitions.EPOCH));
        assertThat(list(first + 2000, 11)).isEqualTo(answer(3, first + 2000, TestPartitions.EPOCH));
        assertThat(list(first + 2001, 11)).isEqualTo(answer(-1, -1, -1));
        assertThat(list(MAX_TIMESTAMP, 11)).isEqualTo(answer(3, first + 2000, TestPartitions.EPOCH));
    }

    @Test
    void shouldShowConsumersOnlyWhatIsCommitted() {
        partitions.append(orders, "a");
        partitions.lead(orders, 8, List.of(1, 2));
        partitions.append(orders, "b");

        assertThat(list(LATEST, 11).offset()).isEqualTo(1);
        assertThat(only(request(LATEST).replicaId(2), 11).offset()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"-3,6,7", "-4,7,8", "-5,8,9", "-6,10,11"})
    void shouldKnowSpecialTimestampsFromSomeVersionOn(long timestamp, int tooOld, int oldEnough) {
        assertThat(list(timestamp, tooOld).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(list(timestamp, oldEnough).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        assertThat(list(-7, 11).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        ListOffsetsRequest epoch = request(LATEST);
        epoch.topics().get(0).partitions().get(0).currentLeaderEpoch(99);
        assertThat(only(epoch, 11).errorCode()).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
        ListOffsetsRequest unknown = request(LATEST);
        unknown.topics().get(0).name("nowhere");
        assertThat(only(unknown, 11).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        ListOffsetsRequest.Partition twice = new ListOffsetsRequest.Partition().timestamp(LATEST);
        ListOffsetsRequest repeated = request(LATEST);
        repeated.topics().get(0).partitions(List.of(twice, twice));
        assertThat(only(repeated, 11).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldTellWhereEpochsEnd() {
        partitions.append(orders, "a", "b");
        partitions.lead(orders, 5, List.of(1));
        partitions.append(orders, "c");

        assertThat(endOfEpoch(3, -1)).extracting("leaderEpoch", "endOffset").containsExactly(3, 2L);
        assertThat(endOfEpoch(4, 5)).extracting("leaderEpoch", "endOffset").containsExactly(3, 2L);
        assertThat(endOfEpoch(5, -1)).extracting("leaderEpoch", "endOffset").containsExactly(5, 3L);
        assertThat(endOfEpoch(6, -1)).extracting("leaderEpoch", "endOffset").containsExactly(-1, -1L);
        assertThat(endOfEpoch(5, 4).errorCode()).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
    }

    @Test
    void shouldDeleteRecords() {
        partitions.append(orders, "a", "b", "c");

        assertThat(delete("orders", 2)).extracting("lowWatermark").isEqualTo(2L);
        assertThat(delete("orders", 1)).extracting("lowWatermark").isEqualTo(2L);
        assertThat(delete("orders", 4).errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(delete("orders", -2).errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(delete("orders", -1)).extracting("lowWatermark").isEqualTo(3L);
        assertThat(orders.logStartOffset()).isEqualTo(3);
    }

    @Test
    void shouldKeepRecordsThatMustNotBeDeleted() {
        partitions.create("__consumer_offsets", 0);
        partitions.create("compacted", 0, new PartitionSettings(TestPartitions.SETTINGS.log(), 1, false, false));

        assertThat(delete("__consumer_offsets", 0).errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(delete("compacted", 0).errorCode()).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(delete("nowhere", 0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(delete("nowhere", 0).lowWatermark()).isEqualTo(-1);
    }

    private ListOffsetsResponse.Partition list(long timestamp, int version) {
        return only(request(timestamp), version);
    }

    private ListOffsetsResponse.Partition only(ListOffsetsRequest request, int version) {
        return listOffsets
                .handle(request, TestRequests.context(ApiKey.LIST_OFFSETS, version))
                .toCompletableFuture()
                .join()
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    private static ListOffsetsRequest request(long timestamp) {
        return new ListOffsetsRequest()
                .replicaId(-1)
                .topics(List.of(new ListOffsetsRequest.Topic()
                        .name("orders")
                        .partitions(List.of(new ListOffsetsRequest.Partition().timestamp(timestamp)))));
    }

    private static ListOffsetsResponse.Partition answer(long offset, long timestamp, int epoch) {
        return new ListOffsetsResponse.Partition()
                .offset(offset)
                .timestamp(timestamp)
                .leaderEpoch(epoch);
    }

    private OffsetForLeaderEpochResponse.Partition endOfEpoch(int epoch, int currentEpoch) {
        OffsetForLeaderEpochRequest request = new OffsetForLeaderEpochRequest()
                .topics(List.of(new OffsetForLeaderEpochRequest.Topic()
                        .topic("orders")
                        .partitions(List.of(new OffsetForLeaderEpochRequest.Partition()
                                .leaderEpoch(epoch)
                                .currentLeaderEpoch(currentEpoch)))));
        return new OffsetForLeaderEpochHandler(partitions)
                .handle(request, TestRequests.context(ApiKey.OFFSET_FOR_LEADER_EPOCH, 4))
                .toCompletableFuture()
                .join()
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    private DeleteRecordsResponse.Partition delete(String topic, long offset) {
        DeleteRecordsRequest request = new DeleteRecordsRequest()
                .topics(List.of(new DeleteRecordsRequest.Topic()
                        .name(topic)
                        .partitions(List.of(new DeleteRecordsRequest.Partition().offset(offset)))));
        return new DeleteRecordsHandler(partitions, Runnable::run)
                .handle(request, TestRequests.context(ApiKey.DELETE_RECORDS, 2))
                .toCompletableFuture()
                .join()
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }
}
