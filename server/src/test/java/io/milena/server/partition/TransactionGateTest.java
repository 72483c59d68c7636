package io.milena.server.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.LogException;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.RecordBatch;
import io.milena.protocol.ErrorCode;
import io.milena.server.request.ErrorMapping;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionGateTest {
    private static final long PRODUCER = 7;
    private static final int CLASSIC = 0;
    private static final int MODERN = 2;

    @TempDir
    Path folder;

    private final Deque<CompletableFuture<ErrorCode>> questions = new ArrayDeque<>();
    private TestPartitions partitions;
    private Partition partition;

    @BeforeEach
    void open() {
        partitions = new TestPartitions(folder);
        partition = partitions.create("orders", 0);
    }

    @AfterEach
    void close() {
        partitions.close();
    }

    private static RecordBatch batch(long producerId, int epoch, int sequence) {
        return new BatchBuilder()
                .producer(producerId, (short) epoch, sequence)
                .transactional()
                .append(0, null, ByteBuffer.allocate(3))
                .build();
    }

    private CompletableFuture<ErrorCode> send(int version, int epoch, int sequence) {
        return send(version, batch(PRODUCER, epoch, sequence));
    }

    private CompletableFuture<ErrorCode> send(int version, RecordBatch batch) {
        CompletableFuture<ErrorCode> answer = new CompletableFuture<>();
        TransactionGate.Question question = new TransactionGate.Question() {
            @Override
            public int transactionVersion() {
                return version;
            }

            @Override
            public CompletionStage<ErrorCode> ask(long producerId, short producerEpoch) {
                CompletableFuture<ErrorCode> asked = new CompletableFuture<>();
                questions.add(asked);
                return asked;
            }
        };
        partition
                .strand()
                .execute(() -> partition.transactionGate().pass(batch, question, error -> {
                    if (error == ErrorCode.NONE) {
                        append(batch, answer);
                    }
                    answer.complete(error);
                }));
        return answer;
    }

    private void append(RecordBatch batch, CompletableFuture<ErrorCode> answer) {
        try {
            partition.append(batch.bytes(), AppendOrigin.CLIENT);
        } catch (LogException e) {
            answer.complete(ErrorMapping.of(e));
        }
    }

    private void answer(ErrorCode error) {
        questions.remove().complete(error);
        partitions.home().runAll();
    }

    private void mark(int epoch, int version) {
        ByteBuffer marker = new ControlRecord(ControlRecord.Type.ABORT, 0)
                .toBatch(PRODUCER, (short) epoch, 0)
                .bytes();
        partition.strand().execute(() -> partition.append(marker, AppendOrigin.COORDINATOR, version));
    }

    @Test
    void shouldAskOnceForAllThatWait() {
        CompletableFuture<ErrorCode> first = send(MODERN, 0, 0);
        CompletableFuture<ErrorCode> second = send(MODERN, 0, 1);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        answer(ErrorCode.NONE);

        assertThat(first).isCompletedWithValue(ErrorCode.NONE);
        assertThat(second).isCompletedWithValue(ErrorCode.NONE);
        assertThat(send(MODERN, 0, 2)).isCompletedWithValue(ErrorCode.NONE);
        assertThat(partition.logEndOffset()).isEqualTo(3);
        assertThat(questions).isEmpty();
    }

    @Test
    void shouldAskAgainForTheNextTransaction() {
        send(MODERN, 0, 0);
        answer(ErrorCode.NONE);
        mark(1, MODERN);

        assertThat(send(MODERN, 0, 1)).isCompletedWithValue(ErrorCode.INVALID_PRODUCER_EPOCH);
        CompletableFuture<ErrorCode> next = send(MODERN, 1, 0);
        assertThat(next).isNotDone();
        answer(ErrorCode.NONE);
        assertThat(next).isCompletedWithValue(ErrorCode.NONE);
    }

    @Test
    void shouldNotBelieveAnAnswerThatAMarkerOvertook() {
        CompletableFuture<ErrorCode> late = send(CLASSIC, 0, 0);
        mark(0, CLASSIC);
        answer(ErrorCode.NONE);

        assertThat(late).isCompletedWithValue(ErrorCode.INVALID_TXN_STATE);
        assertThat(partition.lastStableOffset()).isEqualTo(partition.logEndOffset());
    }

    @Test
    void shouldBelieveAnAnswerDespiteTheMarkerOfTheTransactionBefore() {
        mark(1, MODERN);
        CompletableFuture<ErrorCode> next = send(MODERN, 1, 0);
        mark(1, MODERN);
        answer(ErrorCode.NONE);

        assertThat(next).isCompletedWithValue(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseAZombieWhoseSuccessorCameFirst() {
        CompletableFuture<ErrorCode> zombie = send(CLASSIC, 0, 0);
        CompletableFuture<ErrorCode> successor = send(CLASSIC, 1, 0);
        assertThat(zombie).isCompletedWithValue(ErrorCode.INVALID_PRODUCER_EPOCH);
        answer(ErrorCode.NONE); // to the zombie's question
        assertThat(successor).isNotDone();
        answer(ErrorCode.NONE);

        assertThat(successor).isCompletedWithValue(ErrorCode.NONE);
        assertThat(send(CLASSIC, 0, 0)).isCompletedWithValue(ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void shouldLetNoBatchPassBeforeTheOneThatFailed() {
        CompletableFuture<ErrorCode> first = send(CLASSIC, 0, 0);
        answer(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(first).isCompletedWithValue(ErrorCode.NOT_ENOUGH_REPLICAS);
        CompletableFuture<ErrorCode> second = send(CLASSIC, 0, 1);
        answer(ErrorCode.NONE);
        assertThat(second).isCompletedWithValue(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);

        CompletableFuture<ErrorCode> again = send(CLASSIC, 0, 0);
        answer(ErrorCode.NONE);
        assertThat(again).isCompletedWithValue(ErrorCode.NONE);
        assertThat(send(CLASSIC, 0, 1)).isCompletedWithValue(ErrorCode.NONE);
    }

    @Test
    void shouldWantNewProducersToBeginAtZero() {
        CompletableFuture<ErrorCode> modern = send(MODERN, 0, 4);
        answer(ErrorCode.NONE);
        assertThat(modern).isCompletedWithValue(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        CompletableFuture<ErrorCode> classic = send(CLASSIC, batch(8, 0, 4));
        answer(ErrorCode.NONE);
        assertThat(classic).isCompletedWithValue(ErrorCode.NONE);
    }

    @Test
    void shouldForgetProducersThatNeverPassed() {
        for (int producer = 100; producer < 100 + 2 * TransactionGate.MAX_PRODUCERS; producer++) {
            send(CLASSIC, batch(producer, 3, 0));
            answer(ErrorCode.INVALID_TXN_STATE);
        }
        CompletableFuture<ErrorCode> forgotten = send(CLASSIC, batch(100, 0, 0));
        assertThat(forgotten).isNotDone();
        assertThat(send(CLASSIC, batch(99 + 2 * TransactionGate.MAX_PRODUCERS, 0, 0)))
                .isCompletedWithValue(ErrorCode.INVALID_PRODUCER_EPOCH);
    }
}
