package io.milena.server.coordinator.group;

import static io.milena.server.coordinator.group.GroupFixture.EXPIRY_CHECK_MS;
import static io.milena.server.coordinator.group.GroupFixture.INITIAL_DELAY_MS;
import static io.milena.server.coordinator.group.GroupFixture.RETENTION_MS;
import static io.milena.server.coordinator.group.TestMember.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.OffsetDeleteRequest;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.protocol.message.TxnOffsetCommitRequest;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.coordinator.TransactionMarker;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.partition.TransactionGate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransactionalOffsetsTest {
    private static final boolean COMMIT = true;
    private static final boolean ABORT = false;

    private final GroupFixture fixture = new GroupFixture();
    private final TestMember nobody = new TestMember(fixture);
    private int asked;

    private static TxnOffsetCommitRequest request(long producerId, int epoch, long offset) {
        return new TxnOffsetCommitRequest()
                .transactionalId("tx")
                .groupId(GROUP)
                .producerId(producerId)
                .producerEpoch((short) epoch)
                .topics(List.of(new TxnOffsetCommitRequest.Topic()
                        .name("t")
                        .partitions(List.of(new TxnOffsetCommitRequest.Partition()
                                .partitionIndex(0)
                                .committedOffset(offset)
                                .committedMetadata("note")))));
    }

    private ErrorCode commit(TxnOffsetCommitRequest request) {
        return commit(request, null);
    }

    private ErrorCode commit(TxnOffsetCommitRequest request, TransactionGate.@Nullable Question question) {
        return fixture.reply(fixture.coordinator
                .commitTransactional(request, question)
                .thenApply(topics -> topics.get(0).partitions().get(0).errorCode())
                .exceptionally(TestMember::errorOf));
    }

    private ErrorCode end(long producerId, int epoch, boolean committed) {
        TransactionMarker marker =
                new TransactionMarker(new ProducerIdentity(producerId, (short) epoch), committed, 0, 0);
        return fixture.reply(fixture.coordinator
                .endTransaction(0, marker)
                .thenApply(done -> ErrorCode.NONE)
                .exceptionally(TestMember::errorOf));
    }

    private OffsetFetchRequest.Group wanted() {
        return new OffsetFetchRequest.Group()
                .groupId(GROUP)
                .topics(List.of(new OffsetFetchRequest.GroupTopic().name("t").partitionIndexes(List.of(0))));
    }

    private long fetch() {
        return only(fixture.coordinator.fetch(wanted())).committedOffset();
    }

    private ErrorCode fetchStable() {
        return only(fixture.coordinator.fetchStable(wanted())).errorCode();
    }

    private OffsetFetchResponse.GroupPartition only(CompletionStage<List<OffsetFetchResponse.GroupTopic>> fetched) {
        return fixture.reply(fetched).get(0).partitions().get(0);
    }

    private TransactionGate.Question answering(ErrorCode answer) {
        return new TransactionGate.Question() {
            @Override
            public int transactionVersion() {
                return 0;
            }

            @Override
            public CompletionStage<ErrorCode> ask(long producerId, short producerEpoch) {
                asked++;
                return CompletableFuture.completedFuture(answer);
            }
        };
    }

    @Test
    void shouldCountWhenCommitted() {
        assertThat(commit(request(5, 0, 42))).isEqualTo(ErrorCode.NONE);
        assertThat(fetch()).isEqualTo(-1);
        assertThat(fetchStable()).isEqualTo(ErrorCode.UNSTABLE_OFFSET_COMMIT);

        assertThat(end(5, 0, COMMIT)).isEqualTo(ErrorCode.NONE);

        assertThat(fetch()).isEqualTo(42);
        assertThat(fetchStable()).isEqualTo(ErrorCode.NONE);
        fixture.restart();
        assertThat(fetch()).isEqualTo(42);
    }

    @Test
    void shouldNeverCountWhenAborted() {
        nobody.commit(7);
        commit(request(5, 0, 42));
        fixture.restart();
        assertThat(fetchStable()).isEqualTo(ErrorCode.UNSTABLE_OFFSET_COMMIT);
        assertThat(fetch()).isEqualTo(7);

        end(5, 0, ABORT);

        assertThat(fetch()).isEqualTo(7);
        assertThat(fetchStable()).isEqualTo(ErrorCode.NONE);
        fixture.restart();
        assertThat(fetch()).isEqualTo(7);
    }

    @Test
    void shouldKeepTheLatestOfSeveralCommits() {
        commit(request(5, 0, 42));
        nobody.commit(43);
        commit(request(6, 0, 44));
        commit(request(7, 0, 45));
        end(6, 0, COMMIT);
        assertThat(fetch()).isEqualTo(44);
        end(5, 0, COMMIT);
        assertThat(fetch()).isEqualTo(44);
        fixture.restart();
        assertThat(fetch()).isEqualTo(44);
        end(7, 0, COMMIT);
        assertThat(fetch()).isEqualTo(45);
    }

    @Test
    void shouldAskOnceWhetherThePartitionBelongsToTheTransaction() {
        assertThat(commit(request(5, 0, 1), answering(ErrorCode.INVALID_TXN_STATE)))
                .isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(commit(request(5, 0, 1), answering(ErrorCode.NONE))).isEqualTo(ErrorCode.NONE);
        assertThat(commit(request(5, 0, 2), answering(ErrorCode.INVALID_TXN_STATE)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(asked).isEqualTo(2);
        end(5, 1, COMMIT);
        assertThat(fetch()).isEqualTo(2);
        assertThat(commit(request(5, 0, 3), answering(ErrorCode.NONE))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(commit(request(5, 0, 3))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void shouldNotBelieveAnAnswerThatAMarkerOvertook() {
        CompletableFuture<ErrorCode> answer = new CompletableFuture<>();
        TransactionGate.Question slow = new TransactionGate.Question() {
            @Override
            public int transactionVersion() {
                return 0;
            }

            @Override
            public CompletionStage<ErrorCode> ask(long producerId, short producerEpoch) {
                return answer;
            }
        };
        CompletionStage<ErrorCode> late = fixture.coordinator
                .commitTransactional(request(5, 0, 1), slow)
                .thenApply(topics -> ErrorCode.NONE)
                .exceptionally(TestMember::errorOf);
        end(5, 0, ABORT);
        answer.complete(ErrorCode.NONE);

        assertThat(fixture.reply(late)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(fetchStable()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldCheckMembersWhoNameThemselves() {
        assertThat(commit(request(5, 0, 1).generationId(3).memberId("m"))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        TestMember member = new TestMember(fixture);
        CompletionStage<JoinReply> join = member.joinWithId();
        fixture.advance(INITIAL_DELAY_MS);
        member.joined(join);
        fixture.reply(member.sync(Map.of()));

        assertThat(commit(request(5, 0, 1).generationId(1).memberId("m"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(commit(request(5, 0, 1).generationId(9).memberId(member.memberId)))
                .isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(commit(request(5, 0, 1).generationId(1).memberId(member.memberId)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(commit(request(5, 0, 1))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldForgetPendingOffsetsThatAreDeleted() {
        commit(request(5, 0, 42));
        fixture.reply(fixture.coordinator.deleteOffsets(new OffsetDeleteRequest()
                .groupId(GROUP)
                .topics(List.of(new OffsetDeleteRequest.Topic()
                        .name("t")
                        .partitions(List.of(new OffsetDeleteRequest.Partition().partitionIndex(0)))))));
        end(5, 0, COMMIT);
        assertThat(fetch()).isEqualTo(-1);

        commit(request(6, 0, 43));
        assertThat(fixture.reply(fixture.coordinator.delete(GROUP))).isEqualTo(ErrorCode.NONE);
        end(6, 0, COMMIT);
        assertThat(fetch()).isEqualTo(-1);
        fixture.restart();
        assertThat(fetch()).isEqualTo(-1);
    }

    @Test
    void shouldNotExpireWhatATransactionMayChange() {
        nobody.commit(7);
        commit(request(5, 0, 42));
        fixture.advance(RETENTION_MS + EXPIRY_CHECK_MS);
        assertThat(fetch()).isEqualTo(7);
        end(5, 0, ABORT);
        fixture.advance(EXPIRY_CHECK_MS);
        assertThat(fetch()).isEqualTo(-1);
    }

    @Test
    void shouldRefuseMarkersOfCoordinatorsThatWereReplaced() {
        TransactionMarker newer = new TransactionMarker(new ProducerIdentity(5, (short) 0), COMMIT, 3, 0);
        fixture.reply(fixture.coordinator.endTransaction(0, newer));
        assertThat(end(5, 0, COMMIT)).isEqualTo(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
    }
}
