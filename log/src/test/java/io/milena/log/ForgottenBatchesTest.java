package io.milena.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A producer that sends again what it has in flight is understood after the log was opened anew. */
class ForgottenBatchesTest {
    private static final int IN_FLIGHT = 5;

    @TempDir(factory = MemoryDisk.class)
    Path folder;

    private final LogFixture fixture = new LogFixture();
    private PartitionLog log;

    @BeforeEach
    void open() {
        log = PartitionLog.open(folder.resolve("t-0"), LogFixture.SMALL, fixture.context());
    }

    @AfterEach
    void leasesAreBack() {
        log.close();
        fixture.assertNothingLeased();
    }

    private void reopen() {
        log.close();
        log = PartitionLog.open(folder.resolve("t-0"), LogFixture.SMALL, fixture.context(LogFixture.closed(log)));
    }

    private AppendResult send(long producerId, int epoch, int sequence) {
        BatchBuilder batch = new BatchBuilder().producer(producerId, (short) epoch, sequence);
        for (int i = 0; i < 3; i++) {
            batch.append(1000, null, LogFixture.bytes("value " + (sequence + i)));
        }
        return log.append(batch.build().bytes(), 1, AppendOrigin.CLIENT);
    }

    private void assertOutOfOrder(long producerId, int epoch, int sequence) {
        assertThatThrownBy(() -> send(producerId, epoch, sequence))
                .isInstanceOfSatisfying(
                        LogException.class,
                        e -> assertThat(e.error()).isEqualTo(LogError.OUT_OF_ORDER_SEQUENCE_NUMBER));
    }

    @Test
    void shouldKnowAllThatAProducerHasInFlightAfterACleanStop() {
        for (int i = 0; i < IN_FLIGHT; i++) {
            send(7, 0, 3 * i);
            LogFixture.append(log, "somebody else's");
        }
        long end = log.logEndOffset();
        reopen();

        for (int i = 0; i < IN_FLIGHT; i++) {
            AppendResult again = send(7, 0, 3 * i);
            assertThat(again.duplicate()).isTrue();
            assertThat(again.firstOffset()).isEqualTo(4 * i);
        }
        assertThat(log.logEndOffset()).isEqualTo(end);
        assertThat(send(7, 0, 3 * IN_FLIGHT).duplicate()).isFalse();
    }

    @Test
    void shouldLookIntoSealedSegments() {
        send(7, 0, 0);
        log.roll();
        send(7, 0, 3);
        log.roll();
        reopen();

        assertThat(send(7, 0, 0).firstOffset()).isZero();
        assertThat(log.logEndOffset()).isEqualTo(6);
    }

    @Test
    void shouldKnowThemWhereSequenceNumbersBeginAnew() {
        int last = Integer.MAX_VALUE - 2;
        send(7, 0, last);
        send(7, 0, 0);
        reopen();

        assertThat(send(7, 0, last).firstOffset()).isZero();
        assertOutOfOrder(7, 0, last - 3);
        assertOutOfOrder(7, 0, 6);
    }

    @Test
    void shouldNotTakeOtherBatchesForThem() {
        send(7, 0, 0);
        send(8, 0, 0);
        send(8, 0, 3);
        send(7, 1, 0);
        send(7, 1, 3);
        reopen();

        assertOutOfOrder(7, 1, 1);
        assertOutOfOrder(7, 1, 9);
        assertThat(send(8, 0, 0).firstOffset()).isEqualTo(3);
        assertThat(send(7, 1, 0).firstOffset()).isEqualTo(9);
    }

    @Test
    void shouldNotLookForMoreThanAProducerHasInFlight() {
        for (int i = 0; i <= IN_FLIGHT; i++) {
            send(7, 0, 3 * i);
        }
        assertOutOfOrder(7, 0, 0);
    }
}
