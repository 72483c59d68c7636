package io.milena.server.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.TransactionMarker;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransactionShardTest {
    private static final String ID = "tx";
    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);
    private static final int V0 = TransactionVersion.CLASSIC;
    private static final int V2 = TransactionVersion.EPOCH_BUMPING;
    private static final boolean COMMIT = true;
    private static final boolean ABORT = false;

    private final TransactionFixture fixture = new TransactionFixture();

    private static ProducerIdentity producer(long id, int epoch) {
        return new ProducerIdentity(id, (short) epoch);
    }

    private CompletionStage<ProducerIdentity> resume(ProducerIdentity expected) {
        return fixture.coordinator().init(new InitProducerRequest(ID, TransactionFixture.TIMEOUT_MS, expected));
    }

    @Test
    void shouldGiveAnIdAndThenHigherEpochs() {
        assertThat(fixture.init(ID)).isEqualTo(producer(100, 0));
        assertThat(fixture.init(ID)).isEqualTo(producer(100, 1));
        fixture.restart();
        assertThat(fixture.init(ID)).isEqualTo(producer(100, 2));
        assertThat(fixture.init("other")).isEqualTo(producer(101, 0));
    }

    @Test
    void shouldLetAProducerGoOnAndRepeatThat() {
        ProducerIdentity first = fixture.init(ID);
        assertThat(fixture.reply(resume(first))).isEqualTo(producer(100, 1));
        assertThat(fixture.reply(resume(first))).isEqualTo(producer(100, 1));
        assertThat(fixture.reply(resume(producer(100, 1)))).isEqualTo(producer(100, 2));
        assertThat(fixture.error(resume(first))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldFenceAProducerThatWasReplaced() {
        ProducerIdentity first = fixture.init(ID);
        fixture.init(ID);
        assertThat(fixture.error(resume(first))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(fixture.error(resume(producer(7, 0)))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(fixture.add(ID, first, V2, P0)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(fixture.error(fixture.end(ID, first, COMMIT, V0))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldTakeOnlyTimeoutsInRange() {
        for (int timeoutMs : List.of(0, -1, TransactionFixture.MAX_TIMEOUT_MS + 1)) {
            InitProducerRequest request = new InitProducerRequest(ID, timeoutMs, ProducerIdentity.NONE);
            assertThat(fixture.error(fixture.coordinator().init(request)))
                    .isEqualTo(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        }
        assertThat(fixture.error(fixture.coordinator().init(new InitProducerRequest("", 5, ProducerIdentity.NONE))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldNotKnowWhoWasNeverInitialised() {
        ProducerIdentity nobody = producer(5, 0);
        assertThat(fixture.add(ID, nobody, V2, P0)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(fixture.error(fixture.end(ID, nobody, COMMIT, V2))).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(fixture.error(fixture.coordinator().describe(ID))).isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND);
    }

    @Test
    void shouldCommitInTheNextEpoch() {
        ProducerIdentity producer = fixture.begin(ID, P0, P1);
        assertThat(fixture.describe(ID).partitions()).containsExactly(P0, P1);

        assertThat(fixture.reply(fixture.end(ID, producer, COMMIT, V2))).isEqualTo(producer(100, 1));

        assertThat(fixture.state(ID)).isEqualTo(TransactionState.COMPLETE_COMMIT);
        assertThat(fixture.describe(ID).partitions()).isEmpty();
        TransactionMarker marker = new TransactionMarker(producer(100, 1), COMMIT, 0, V2);
        assertThat(fixture.markers.written())
                .containsExactlyInAnyOrder(
                        new RecordedMarkers.Written(P0, marker), new RecordedMarkers.Written(P1, marker));
        assertThat(fixture.add(ID, producer, V2, P0)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(fixture.add(ID, producer(100, 1), V2, P0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldCommitInTheSameEpochForOldClients() {
        ProducerIdentity producer = fixture.init(ID);
        fixture.add(ID, producer, V0, P0);

        fixture.reply(fixture.end(ID, producer, COMMIT, V0));

        assertThat(fixture.markers.written())
                .containsExactly(new RecordedMarkers.Written(P0, new TransactionMarker(producer, COMMIT, 0, V0)));
        assertThat(fixture.error(fixture.end(ID, producer, COMMIT, V0))).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.error(fixture.end(ID, producer, ABORT, V0))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(fixture.add(ID, producer, V0, P1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseToEndWhatOldClientsNeverBegan() {
        ProducerIdentity producer = fixture.init(ID);
        assertThat(fixture.error(fixture.end(ID, producer, COMMIT, V0))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(fixture.error(fixture.end(ID, producer, ABORT, V0))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
    }

    @Test
    void shouldAnswerEachRepetitionAsTheTableSays() {
        ProducerIdentity e0 = fixture.init(ID);
        assertThat(fixture.error(fixture.end(ID, e0, COMMIT, V2))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(fixture.error(fixture.end(ID, producer(100, 5), ABORT, V2))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        ProducerIdentity e1 = fixture.reply(fixture.end(ID, e0, ABORT, V2));
        assertThat(e1).isEqualTo(producer(100, 1));
        assertThat(fixture.state(ID)).isEqualTo(TransactionState.COMPLETE_ABORT);

        assertThat(fixture.reply(fixture.end(ID, e0, ABORT, V2))).isEqualTo(e1);
        assertThat(fixture.error(fixture.end(ID, e0, COMMIT, V2))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(fixture.error(fixture.end(ID, e1, COMMIT, V2))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        ProducerIdentity e2 = fixture.reply(fixture.end(ID, e1, ABORT, V2));
        fixture.add(ID, e2, V2, P0);
        ProducerIdentity e3 = fixture.reply(fixture.end(ID, e2, COMMIT, V2));

        assertThat(fixture.reply(fixture.end(ID, e2, COMMIT, V2))).isEqualTo(e3);
        assertThat(fixture.error(fixture.end(ID, e2, ABORT, V2))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(fixture.error(fixture.end(ID, e3, COMMIT, V2))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(fixture.reply(fixture.end(ID, e3, ABORT, V2))).isEqualTo(producer(100, 4));
    }

    @Test
    void shouldMakeOthersWaitWhilePartitionsAreTold() {
        ProducerIdentity producer = fixture.begin(ID, P0);
        fixture.markers.hold();
        ProducerIdentity next = fixture.reply(fixture.end(ID, producer, COMMIT, V2));

        assertThat(fixture.state(ID)).isEqualTo(TransactionState.PREPARE_COMMIT);
        assertThat(fixture.add(ID, next, V2, P0)).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.error(resume(ProducerIdentity.NONE))).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.error(fixture.end(ID, producer, COMMIT, V2))).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.error(fixture.end(ID, producer, ABORT, V2))).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.error(fixture.end(ID, next, COMMIT, V2))).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.error(fixture.end(ID, next, ABORT, V2)))
                .as("the next transaction, given up before anything was written")
                .isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);

        CompletionStage<Void> complete = fixture.coordinator().awaitCompletion(ID, 100);
        fixture.settle();
        assertThat(complete.toCompletableFuture()).isNotDone();
        fixture.markers.release();
        fixture.reply(complete);
        assertThat(fixture.add(ID, next, V2, P0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldAnswerBeforeManyPartitionsAreTold() {
        int count = Completions.MAX_PARTITIONS_AT_ONCE + 1;
        TopicPartition[] partitions = IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition("many", partition))
                .toArray(TopicPartition[]::new);
        ProducerIdentity producer = fixture.begin(ID, partitions);
        assertThat(fixture.reply(fixture.end(ID, producer, COMMIT, V2))).isEqualTo(producer(100, 1));
        assertThat(fixture.markers.written()).isEmpty();
        assertThat(fixture.error(fixture.end(ID, producer, COMMIT, V2))).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);

        fixture.advance(1);
        assertThat(fixture.markers.written()).hasSize(count);
        assertThat(fixture.state(ID)).isEqualTo(TransactionState.COMPLETE_COMMIT);
    }

    @Test
    void shouldGiveUpWaitingForAnEnd() {
        ProducerIdentity producer = fixture.begin(ID, P0);
        fixture.markers.hold();
        fixture.reply(fixture.end(ID, producer, COMMIT, V2));
        CompletionStage<Void> complete = fixture.coordinator().awaitCompletion(ID, 100);
        fixture.advance(100);
        fixture.reply(complete);
        assertThat(fixture.state(ID)).isEqualTo(TransactionState.PREPARE_COMMIT);
    }

    @Test
    void shouldCompleteAfterARestartWhatWasDecidedBefore() {
        ProducerIdentity producer = fixture.begin(ID, P0, P1);
        fixture.markers.hold();
        fixture.reply(fixture.end(ID, producer, ABORT, V2));
        fixture.restart();
        assertThat(fixture.state(ID)).isEqualTo(TransactionState.PREPARE_ABORT);
        fixture.markers.release();
        fixture.settle();

        assertThat(fixture.state(ID)).isEqualTo(TransactionState.COMPLETE_ABORT);
        assertThat(fixture.markers.written()).hasSize(4);
        assertThat(fixture.markers.written().get(3).marker().coordinatorEpoch()).isEqualTo(1);
    }

    @Test
    void shouldSkipPartitionsThatAreGoneAndRetryOthersWithoutSpinning() {
        ProducerIdentity producer = fixture.begin(ID, P0, P1);
        fixture.markers.fail(P0, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        fixture.markers.fail(P1, ErrorCode.KAFKA_STORAGE_ERROR);
        fixture.reply(fixture.end(ID, producer, COMMIT, V2));
        assertThat(fixture.state(ID)).isEqualTo(TransactionState.PREPARE_COMMIT);
        fixture.advance(Completions.FIRST_RETRY_MS);
        fixture.advance(60_000);
        assertThat(fixture.state(ID)).isEqualTo(TransactionState.PREPARE_COMMIT);
        fixture.markers.fail(P1, ErrorCode.NONE);
        fixture.advance(Completions.LAST_RETRY_MS);

        assertThat(fixture.state(ID)).isEqualTo(TransactionState.COMPLETE_COMMIT);
        assertThat(fixture.markers.written())
                .extracting(RecordedMarkers.Written::partition)
                .containsExactly(P1);
    }

    @Test
    void shouldRetryItsOwnRecord() {
        ProducerIdentity producer = fixture.begin(ID, P0);
        fixture.markers.hold();
        fixture.reply(fixture.end(ID, producer, COMMIT, V2));
        fixture.log.refuse(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        fixture.markers.release();
        fixture.settle();
        assertThat(fixture.state(ID)).isEqualTo(TransactionState.PREPARE_COMMIT);
        fixture.log.refuse(null);
        fixture.advance(Completions.FIRST_RETRY_MS);

        assertThat(fixture.state(ID)).isEqualTo(TransactionState.COMPLETE_COMMIT);
        assertThat(fixture.markers.written()).hasSize(1);
    }

    @Test
    void shouldTellPartitionsOnlyWhatIsReplicated() {
        ProducerIdentity producer = fixture.begin(ID, P0);
        fixture.log.holdBack();
        CompletionStage<ProducerIdentity> ended = fixture.end(ID, producer, COMMIT, V2);
        fixture.settle();
        assertThat(ended.toCompletableFuture()).isNotDone();
        assertThat(fixture.markers.written()).isEmpty();
        fixture.log.commit();

        fixture.reply(ended);
        assertThat(fixture.markers.written()).hasSize(1);
    }

    @Test
    void shouldAbortATransactionThatIsInTheWay() {
        ProducerIdentity zombie = fixture.begin(ID, P0);
        assertThat(fixture.error(resume(ProducerIdentity.NONE))).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.state(ID)).isEqualTo(TransactionState.COMPLETE_ABORT);
        assertThat(fixture.markers.written().get(0).marker().committed()).isFalse();

        assertThat(fixture.init(ID)).isEqualTo(producer(100, 2));
        assertThat(fixture.add(ID, zombie, V2, P0)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(fixture.error(fixture.end(ID, zombie, COMMIT, V2))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldAbortAndFenceAfterTheTimeout() {
        ProducerIdentity producer = fixture.begin(ID, P0);
        fixture.advance(TransactionFixture.TIMEOUT_MS);
        assertThat(fixture.state(ID)).isEqualTo(TransactionState.ONGOING);
        fixture.advance(TransactionFixture.ABORT_INTERVAL_MS);

        assertThat(fixture.state(ID)).isEqualTo(TransactionState.COMPLETE_ABORT);
        assertThat(fixture.describe(ID).producer()).isEqualTo(producer(100, 1));
        assertThat(fixture.error(fixture.end(ID, producer, COMMIT, V2))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(fixture.error(fixture.end(ID, producer, COMMIT, V0))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldKeepTheStartAsTheTransactionGrows() {
        ProducerIdentity producer = fixture.begin(ID, P0);
        long startMs = fixture.describe(ID).startTimestampMs();
        fixture.advance(TransactionFixture.TIMEOUT_MS - 1_000);
        fixture.add(ID, producer, V2, P1);
        assertThat(fixture.describe(ID).startTimestampMs()).isEqualTo(startMs);
        fixture.restart();
        fixture.advance(2 * TransactionFixture.ABORT_INTERVAL_MS);
        assertThat(fixture.state(ID)).isEqualTo(TransactionState.COMPLETE_ABORT);
    }

    @Test
    void shouldForgetIdsNobodyUses() {
        fixture.init("idle");
        fixture.begin("busy", P0);
        fixture.markers.fail(P0, ErrorCode.KAFKA_STORAGE_ERROR);
        fixture.advance(TransactionFixture.EXPIRATION_MS + TransactionFixture.REMOVAL_INTERVAL_MS);

        assertThat(fixture.error(fixture.coordinator().describe("idle")))
                .isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND);
        assertThat(fixture.state("busy")).isEqualTo(TransactionState.PREPARE_ABORT);
        fixture.restart();
        assertThat(fixture.error(fixture.coordinator().describe("idle")))
                .isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND);
    }

    @Test
    void shouldChangeTheProducerIdWhenEpochsAreUsedUp() {
        ProducerIdentity producer = fixture.init(ID);
        while (producer.producerEpoch() < Short.MAX_VALUE - 1) {
            producer = fixture.reply(fixture.end(ID, producer, ABORT, V2));
        }
        assertThat(producer.producerId()).isEqualTo(100);
        fixture.add(ID, producer, V2, P0);
        ProducerIdentity next = fixture.reply(fixture.end(ID, producer, COMMIT, V2));

        assertThat(next).isEqualTo(producer(101, 0));
        assertThat(fixture.markers.written().get(0).marker().producer()).isEqualTo(producer(100, Short.MAX_VALUE));
        assertThat(fixture.reply(fixture.end(ID, producer, COMMIT, V2))).isEqualTo(next);
        assertThat(fixture.reply(resume(producer))).isEqualTo(producer(101, 0));
        assertThat(fixture.add(ID, producer(101, 0), V2, P0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldSayWhichPartitionsDoNotBelong() {
        ProducerIdentity producer = fixture.begin(ID, P0);
        AddPartitionsRequest question = new AddPartitionsRequest(ID, producer, Set.of(P0, P1), V0);
        assertThat(fixture.reply(fixture.coordinator().verify(question))).containsExactly(P1);
        AddPartitionsRequest zombie = new AddPartitionsRequest(ID, producer(100, 7), Set.of(P0), V0);
        assertThat(fixture.error(fixture.coordinator().verify(zombie))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        AddPartitionsRequest stranger = new AddPartitionsRequest(ID, producer(1, 0), Set.of(P0), V0);
        assertThat(fixture.error(fixture.coordinator().verify(stranger)))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    }
}
