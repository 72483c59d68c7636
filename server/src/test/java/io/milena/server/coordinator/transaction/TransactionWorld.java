package io.milena.server.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogException;
import io.milena.log.LogSlice;
import io.milena.log.ReadSize;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.Batches;
import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.Record;
import io.milena.log.batch.RecordBatch;
import io.milena.log.batch.RecordIterator;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.TransactionMarker;
import io.milena.server.coordinator.group.GroupFixture;
import io.milena.server.partition.Partition;
import io.milena.server.partition.TestPartitions;
import io.milena.server.partition.TransactionGate;
import io.milena.server.request.ErrorMapping;
import io.milena.server.strand.ManualExecutor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A coordinator, partitions with real logs and groups, in one thread that decides whose turn it is; markers may get lost. */
final class TransactionWorld implements AutoCloseable {
    static final int PARTITIONS = 3;
    private static final String TOPIC = "orders";
    private static final TopicPartition OFFSETS = new TopicPartition("__consumer_offsets", 0);

    private final Random random;
    private final TestPartitions partitions;
    private final List<Partition> logs = new ArrayList<>();
    private final GroupFixture groups = new GroupFixture();
    private final TransactionFixture transactions;
    private boolean isCalm;

    TransactionWorld(Random random, Path folder) {
        this.random = random;
        partitions = new TestPartitions(folder);
        for (int i = 0; i < PARTITIONS; i++) {
            logs.add(partitions.create(TOPIC, i));
        }
        partitions.create("__consumer_offsets", 0);
        PartitionMarkers markers = new PartitionMarkers(
                partitions,
                (partition, marker) -> groups.coordinator().endTransaction(partition, marker),
                partitions.timers().clock());
        transactions = new TransactionFixture((partition, marker) -> flaky(markers, partition, marker));
    }

    private CompletionStage<ErrorCode> flaky(
            TransactionMarkers markers, TopicPartition partition, TransactionMarker marker) {
        int luck = isCalm ? 9 : random.nextInt(10);
        if (luck == 0) {
            return CompletableFuture.completedFuture(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        CompletionStage<ErrorCode> written = markers.write(partition, marker);
        return luck == 1 ? written.thenApply(error -> ErrorCode.REQUEST_TIMED_OUT) : written;
    }

    TransactionCoordinator coordinator() {
        return transactions.coordinator();
    }

    static TopicPartition partition(int index) {
        return new TopicPartition(TOPIC, index);
    }

    static TopicPartition offsets() {
        return OFFSETS;
    }

    /** Lets somebody whose turn it may be do one thing. */
    void turn() {
        ManualExecutor one =
                switch (random.nextInt(3)) {
                    case 0 -> transactions.home;
                    case 1 -> partitions.home();
                    default -> groups.home();
                };
        one.runNext();
    }

    void settle() {
        while (transactions.home.waiting()
                        + partitions.home().waiting()
                        + groups.home().waiting()
                > 0) {
            transactions.home.runAll();
            partitions.home().runAll();
            groups.home().runAll();
        }
    }

    void advance(long ms) {
        transactions.timers.advance(ms);
    }

    void restartCoordinator() {
        transactions.restart();
    }

    void restartGroups() {
        groups.restart();
    }

    void refuseRecords(boolean refuses) {
        transactions.log.refuse(refuses ? ErrorCode.COORDINATOR_NOT_AVAILABLE : null);
    }

    /** Nothing fails any more, and open transactions come to their end. */
    void calmDown() {
        isCalm = true;
        refuseRecords(false);
        for (int i = 0; i < 20; i++) {
            settle();
            advance(TransactionFixture.TIMEOUT_MS / 2);
        }
        settle();
    }

    CompletionStage<ErrorCode> produce(
            String transactionalId,
            ProducerIdentity producer,
            int index,
            int sequence,
            String value,
            PartitionClaim claim) {
        Partition partition = logs.get(index);
        RecordBatch batch = new BatchBuilder()
                .producer(producer.producerId(), producer.producerEpoch(), sequence)
                .transactional()
                .append(0, null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)))
                .build();
        TransactionGate.Question question =
                transactions.verification().forRecords(transactionalId, claim).question(partition(index));
        CompletableFuture<ErrorCode> answer = new CompletableFuture<>();
        assertThat(question).isNotNull();
        partition
                .strand()
                .execute(() -> partition.transactionGate().pass(batch, question, error -> {
                    if (error == ErrorCode.NONE) {
                        try {
                            partition.append(batch.bytes(), AppendOrigin.CLIENT);
                        } catch (LogException e) {
                            answer.complete(ErrorMapping.of(e));
                        }
                    }
                    answer.complete(error);
                }));
        return answer;
    }

    CompletionStage<ErrorCode> commitOffset(
            String transactionalId, ProducerIdentity producer, long offset, PartitionClaim claim) {
        TxnOffsetCommitRequest request = new TxnOffsetCommitRequest()
                .transactionalId(transactionalId)
                .groupId(transactionalId)
                .producerId(producer.producerId())
                .producerEpoch(producer.producerEpoch())
                .topics(List.of(new TxnOffsetCommitRequest.Topic()
                        .name(TOPIC)
                        .partitions(List.of(new TxnOffsetCommitRequest.Partition().committedOffset(offset)))));
        return groups.coordinator()
                .commitTransactional(request, transactions.verification().forOffsets(transactionalId, OFFSETS, claim))
                .thenApply(topics -> ErrorCode.NONE)
                .exceptionally(CoordinatorException::errorOf);
    }

    /** The offset a group reads on from; -1 if none. */
    long committedOffset(String transactionalId) {
        OffsetFetchRequest.Group wanted = new OffsetFetchRequest.Group()
                .groupId(transactionalId)
                .topics(List.of(new OffsetFetchRequest.GroupTopic().name(TOPIC).partitionIndexes(List.of(0))));
        return groups.reply(groups.coordinator().fetchStable(wanted))
                .get(0)
                .partitions()
                .get(0)
                .committedOffset();
    }

    /** What consumers of committed records see of a partition. */
    List<String> visible(int index) {
        Partition partition = logs.get(index);
        long stable = partition.lastStableOffset();
        List<String> visible = new ArrayList<>();
        Map<Long, List<String>> open = new HashMap<>();
        for (RecordBatch batch : batches(partition)) {
            List<String> values = values(batch);
            if (!batch.isControl()) {
                open.computeIfAbsent(batch.producerId(), id -> new ArrayList<>())
                        .addAll(values);
                continue;
            }
            List<String> ended = open.remove(batch.producerId());
            boolean committed = ControlRecord.of(batch).type() == ControlRecord.Type.COMMIT;
            if (ended != null && committed && batch.baseOffset() < stable) {
                visible.addAll(ended);
            }
        }
        return visible;
    }

    /** Whether a partition holds a transaction that nobody ends. */
    boolean isHanging(int index) {
        return logs.get(index).lastStableOffset() != logs.get(index).logEndOffset();
    }

    private static List<RecordBatch> batches(Partition partition) {
        List<RecordBatch> batches = new ArrayList<>();
        long end = partition.logEndOffset();
        for (long offset = 0; offset < end; ) {
            try (LogSlice slice = partition.log().read(offset, 1 << 20, end, ReadSize.WHOLE_FIRST_BATCH)) {
                ByteBuffer buffer = ByteBuffer.allocate(slice.sizeInBytes());
                slice.readInto(buffer);
                Batches.in(buffer.flip()).forEachRemaining(batches::add);
                offset = slice.nextOffset();
            }
        }
        return batches;
    }

    private static List<String> values(RecordBatch batch) {
        List<String> values = new ArrayList<>();
        try (RecordIterator records = batch.records()) {
            while (records.hasNext()) {
                Record record = records.next();
                ByteBuffer value = record.value();
                if (value != null) {
                    values.add(StandardCharsets.UTF_8.decode(value.duplicate()).toString());
                }
            }
        }
        return values;
    }

    TransactionState state(String transactionalId) {
        return transactions.state(transactionalId);
    }

    @Override
    public void close() {
        partitions.close();
    }
}
