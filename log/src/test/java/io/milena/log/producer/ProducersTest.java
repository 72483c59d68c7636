package io.milena.log.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.batch.AppendOrigin;
import io.milena.log.batch.BatchBuilder;
import io.milena.log.batch.ControlRecord;
import io.milena.log.batch.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProducersTest {
    private static final long ID = 7;
    private static final short EPOCH = 2;
    private static final long DAY = 86_400_000;

    private final Producers producers = new Producers();
    private long end = 100;

    @Test
    void shouldAcceptAnyStartOfAnUnknownProducer() {
        append(data(EPOCH, 41, 3));
        assertRefused(data(EPOCH, 45, 1), LogError.OUT_OF_ORDER_SEQUENCE_NUMBER);
        append(data(EPOCH, 44, 1));
    }

    @Test
    void shouldFindTheLastFiveBatchesAgain() {
        for (int i = 0; i < 7; i++) {
            append(data(EPOCH, i * 10, 10));
        }
        for (int i = 2; i < 7; i++) {
            AppendedBatch found = producers
                    .check(data(EPOCH, i * 10, 10), AppendOrigin.CLIENT)
                    .orElseThrow();
            assertThat(found.firstOffset()).isEqualTo(100 + i * 10);
            assertThat(found.lastOffset()).isEqualTo(109 + i * 10);
            assertThat(found.timestamp()).isEqualTo(1000);
        }
        assertRefused(data(EPOCH, 10, 10), LogError.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertRefused(data(EPOCH, 60, 9), LogError.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void shouldWrapSequences() {
        append(data(EPOCH, Integer.MAX_VALUE - 1, 4));
        assertThat(producers.check(data(EPOCH, Integer.MAX_VALUE - 1, 4), AppendOrigin.CLIENT))
                .isPresent();
        append(data(EPOCH, 2, 1));
        append(data(EPOCH, 3, Integer.MAX_VALUE - 3));
        append(data(EPOCH, Integer.MAX_VALUE - 0, 1));
        append(data(EPOCH, 0, 1));
    }

    @Test
    void shouldStartNewEpochsAtZero() {
        append(data(EPOCH, 0, 5));
        assertRefused(data((short) 3, 5, 1), LogError.OUT_OF_ORDER_SEQUENCE_NUMBER);
        append(data((short) 3, 0, 1));
        assertRefused(data(EPOCH, 5, 1), LogError.INVALID_PRODUCER_EPOCH);
        assertThatThrownBy(() -> producers.check(data(EPOCH, -1, 1), AppendOrigin.COORDINATOR))
                .isInstanceOf(LogException.class);
    }

    @Test
    void shouldNotCountSequencesOfCoordinators() {
        append(data(EPOCH, -1, 5));
        assertThat(producers.check(data(EPOCH, -1, 5), AppendOrigin.COORDINATOR))
                .isEmpty();
        assertThat(producers.check(data((short) 1, 9, 5), AppendOrigin.REPLICA)).isEmpty();
    }

    @Test
    void shouldHoldBackReadersOfOpenTransactions() {
        append(transactional(0, 10));
        append(data(8L, EPOCH, 0, 5).transactional().build());
        assertThat(producers.firstUnstableOffset()).hasValue(100);
        assertThat(producers.hasOpenTransaction(ID, EPOCH)).isTrue();
        assertThat(producers.hasOpenTransaction(ID, (short) 1)).isFalse();

        CompletedTransaction ended =
                append(marker(ControlRecord.Type.ABORT, EPOCH, 1)).orElseThrow();

        assertThat(ended).isEqualTo(new CompletedTransaction(ID, 100, 115, true, 110));
        assertThat(producers.lastStableOffset(0, 115)).isEqualTo(100);
        producers.highWatermark(115);
        assertThat(producers.firstUnstableOffset()).hasValue(100);
        producers.highWatermark(116);
        assertThat(producers.lastStableOffset(0, 116)).isEqualTo(110);
        assertThat(producers.lastStableOffset(112, 116)).isEqualTo(112);
        ControlRecord commit = new ControlRecord(ControlRecord.Type.COMMIT, 1);
        assertThat(append(commit.toBatch(8, EPOCH, 1000)).orElseThrow().lastStableOffset())
                .isEqualTo(117);
        producers.highWatermark(117);
        assertThat(producers.lastStableOffset(0, 117)).isEqualTo(117);
    }

    @Test
    void shouldIgnoreMarkersOfEmptyTransactions() {
        assertThat(append(marker(ControlRecord.Type.COMMIT, EPOCH, 1))).isEmpty();
        assertThat(producers.firstUnstableOffset()).isEmpty();
        assertRefused(data(EPOCH, 3, 1), LogError.OUT_OF_ORDER_SEQUENCE_NUMBER);
        append(data(EPOCH, 0, 1));
    }

    @Test
    void shouldRefusePlainWritesWithinTransactions() {
        append(transactional(0, 1));
        assertRefused(data(EPOCH, 1, 1), LogError.INVALID_TXN_STATE);
    }

    @Test
    void shouldRefuseLateMarkers() {
        append(transactional(0, 1));
        assertMarkerRefused(marker(ControlRecord.Type.COMMIT, (short) 1, 5), 0, LogError.INVALID_PRODUCER_EPOCH);
        assertMarkerRefused(marker(ControlRecord.Type.COMMIT, EPOCH, 5), 2, LogError.INVALID_PRODUCER_EPOCH);
        append(marker(ControlRecord.Type.COMMIT, (short) 3, 5));
        assertThat(producers.check(marker(ControlRecord.Type.COMMIT, (short) 3, 5), AppendOrigin.COORDINATOR, 2))
                .isEmpty();
        assertMarkerRefused(
                marker(ControlRecord.Type.COMMIT, (short) 4, 4), 2, LogError.TRANSACTION_COORDINATOR_FENCED);
    }

    @Test
    void shouldForgetIdleProducersButNoTransactions() {
        append(data(EPOCH, 0, 1));
        append(data(8L, EPOCH, 0, 1).transactional().build());
        producers.expire(1000 + DAY - 1, DAY);
        assertThat(producers.size()).isEqualTo(2);
        producers.expire(1000 + DAY, DAY);
        assertThat(producers.active()).containsExactly(new ActiveProducer(8, EPOCH, 0, 1000, -1, 101));
    }

    @Test
    void shouldComeBackFromASnapshot() {
        append(data(EPOCH, 0, 4));
        append(data(EPOCH, 4, 4));
        append(data(8L, EPOCH, 3, 5).transactional().build());
        append(marker(ControlRecord.Type.COMMIT, EPOCH, 6));
        Producers restored = new Producers();
        ByteBuffer snapshot = producers.encode();

        restored.load(snapshot, 2000, DAY);

        assertThat(restored.active()).containsExactlyInAnyOrderElementsOf(producers.active());
        assertThat(restored.firstUnstableOffset()).hasValue(108);
        assertThat(restored.check(data(EPOCH, 4, 4), AppendOrigin.CLIENT))
                .hasValueSatisfying(batch -> assertThat(batch.firstOffset()).isEqualTo(104));
        assertThat(restored.encode()).isEqualTo(snapshot);
        restored.load(snapshot, 1000 + DAY, DAY);
        assertThat(restored.size()).isEqualTo(1);
    }

    @Test
    void shouldNoticeDamagedSnapshots() {
        append(data(EPOCH, 0, 4));
        byte[] sound = producers.encode().array();
        for (int at = 0; at < sound.length; at++) {
            byte[] bytes = sound.clone();
            bytes[at] ^= 0x10;
            assertThatThrownBy(() -> producers.load(ByteBuffer.wrap(bytes), 0, DAY))
                    .isInstanceOf(LogException.class);
            ByteBuffer cut = ByteBuffer.wrap(sound, 0, at);
            assertThatThrownBy(() -> producers.load(cut, 0, DAY)).isInstanceOf(LogException.class);
            assertThat(producers.size()).isZero();
        }
    }

    private Optional<CompletedTransaction> append(RecordBatch batch) {
        AppendOrigin origin =
                batch.isControl() || batch.baseSequence() < 0 ? AppendOrigin.COORDINATOR : AppendOrigin.CLIENT;
        assertThat(producers.check(batch, origin)).isEmpty();
        batch.assign(end, 0);
        end = batch.nextOffset();
        return producers.update(batch);
    }

    private void assertRefused(RecordBatch batch, LogError error) {
        assertThatThrownBy(() -> producers.check(batch, AppendOrigin.CLIENT))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private void assertMarkerRefused(RecordBatch batch, int transactionVersion, LogError error) {
        assertThatThrownBy(() -> producers.check(batch, AppendOrigin.COORDINATOR, transactionVersion))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private static RecordBatch data(short epoch, int sequence, int count) {
        return data(ID, epoch, sequence, count).build();
    }

    private static RecordBatch transactional(int sequence, int count) {
        return data(ID, EPOCH, sequence, count).transactional().build();
    }

    /** A batch with the offsets of many records, but only its last one inside. */
    static BatchBuilder data(long producerId, short epoch, int sequence, int count) {
        return new BatchBuilder()
                .producer(producerId, epoch, sequence)
                .append(1000, null, null)
                .lastOffset(count - 1);
    }

    private static RecordBatch marker(ControlRecord.Type type, short epoch, int coordinatorEpoch) {
        return new ControlRecord(type, coordinatorEpoch).toBatch(ID, epoch, 1000);
    }
}
