package io.milena.server.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.ProducerIdentity;
import io.milena.server.partition.TransactionGate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class PartitionVerificationTest {
    private static final String ID = "tx";
    private static final int PARTITIONS = 100;

    private final TransactionFixture fixture = new TransactionFixture();

    /** The questions of a request that writes to some partitions, asked one after another. */
    private List<ErrorCode> ask(ProducerIdentity producer, PartitionClaim claim) {
        PartitionVerification.ForRecords request = fixture.verification().forRecords(ID, claim);
        List<TransactionGate.Question> questions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            questions.add(request.question(new TopicPartition("orders", partition)));
        }
        List<CompletionStage<ErrorCode>> answers = new ArrayList<>();
        for (TransactionGate.Question question : questions) {
            answers.add(question.ask(producer.producerId(), producer.producerEpoch()));
        }
        return answers.stream().map(fixture::reply).distinct().toList();
    }

    @Test
    void shouldAddAllPartitionsOfARequestInOneRecord() {
        ProducerIdentity producer = fixture.init(ID);
        int before = fixture.log.batchCount();
        assertThat(ask(producer, PartitionClaim.WRITTEN)).containsExactly(ErrorCode.NONE);
        assertThat(fixture.log.batchCount()).isEqualTo(before + 1);
        assertThat(fixture.describe(ID).partitions()).hasSize(PARTITIONS);
        assertThat(ask(producer, PartitionClaim.WRITTEN)).containsExactly(ErrorCode.NONE);
        assertThat(fixture.log.batchCount()).isEqualTo(before + 1);
    }

    @Test
    void shouldAnswerAllPartitionsOfARequestWithTheSameError() {
        ProducerIdentity first = fixture.init(ID);
        fixture.init(ID);
        assertThat(ask(first, PartitionClaim.WRITTEN)).containsExactly(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(fixture.describe(ID).partitions()).isEmpty();
    }

    @Test
    void shouldAskForEachPartitionOfAClientThatNamesThem() {
        ProducerIdentity producer = fixture.begin(ID, new TopicPartition("orders", 7));
        assertThat(ask(producer, PartitionClaim.NAMED))
                .containsExactlyInAnyOrder(ErrorCode.NONE, ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(fixture.describe(ID).partitions()).hasSize(1);
    }

    @Test
    void shouldWaitForTheEndOfTheTransactionBefore() {
        TopicPartition partition = new TopicPartition("orders", 0);
        ProducerIdentity producer = fixture.begin(ID, partition);
        fixture.markers.hold();
        ProducerIdentity next = fixture.reply(fixture.end(ID, producer, true, TransactionVersion.EPOCH_BUMPING));
        PartitionVerification.ForRecords request = fixture.verification().forRecords(ID, PartitionClaim.WRITTEN);
        TransactionGate.Question question = request.question(partition);
        assertThat(question).isNotNull();
        CompletionStage<ErrorCode> answer = question.ask(next.producerId(), next.producerEpoch());
        fixture.settle();
        assertThat(answer.toCompletableFuture()).isNotDone();
        fixture.markers.release();
        assertThat(fixture.reply(answer)).isEqualTo(ErrorCode.NONE);
    }
}
