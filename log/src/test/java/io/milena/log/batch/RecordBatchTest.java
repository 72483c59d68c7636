package io.milena.log.batch;

import static io.milena.log.batch.BatchBuilderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.compress.Compression;
import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class RecordBatchTest {
    @Test
    void shouldTakeItsPlaceWithoutTouchingTheChecksum() {
        RecordBatch batch = batch(3);
        long checksum = batch.checksum();
        batch.assign(1L << 40, 17);
        assertThat(batch.baseOffset()).isEqualTo(1L << 40);
        assertThat(batch.nextOffset()).isEqualTo((1L << 40) + 3);
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(17);
        assertThat(batch.checksum()).isEqualTo(checksum);
        assertThat(batch.checksumMatches()).isTrue();
    }

    @Test
    void shouldWrapSequences() {
        RecordBatch batch = new BatchBuilder()
                .producer(1, (short) 0, Integer.MAX_VALUE)
                .append(1, null, null)
                .append(1, null, null)
                .build();
        assertThat(batch.lastSequence()).isZero();
        assertThat(RecordBatch.sequenceAfter(Integer.MAX_VALUE - 1, 1)).isEqualTo(Integer.MAX_VALUE);
        assertThat(RecordBatch.sequenceAfter(Integer.MAX_VALUE, 5)).isEqualTo(4);
        assertThat(batch(1).lastSequence()).isEqualTo(RecordBatch.NO_SEQUENCE);
    }

    @Test
    void shouldReadHeadersAlone() {
        RecordBatch whole = batch(5);
        RecordBatch header = RecordBatch.at(whole.bytes().limit(RecordBatch.BATCH_OVERHEAD), 0);
        assertThat(header.isComplete()).isFalse();
        assertThat(header.sizeInBytes()).isEqualTo(whole.sizeInBytes());
        assertThat(whole.isComplete()).isTrue();
        assertThatThrownBy(() -> RecordBatch.at(whole.bytes(), whole.sizeInBytes() - 60))
                .isInstanceOf(CorruptBatchException.class);
    }

    @Test
    void shouldWalkBatchesUpToTheDamage() {
        RecordBatch first = batch(2);
        RecordBatch second = batch(1);
        ByteBuffer buffer = ByteBuffer.allocate(first.sizeInBytes() + second.sizeInBytes() + 40);
        buffer.position(7).put(first.bytes()).put(second.bytes()).flip().position(7);

        Batches batches = Batches.in(buffer);
        assertThat(batches.next().recordCount()).isEqualTo(2);
        assertThat(batches.next().recordCount()).isEqualTo(1);
        assertThat(batches.hasNext()).isFalse();
        assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);

        int end = buffer.limit();
        assertDamageAt(buffer.limit(end + 5), end);
        assertDamageAt(buffer.limit(end + 33), end);
        assertDamageAt(buffer.limit(end - 1), end - second.sizeInBytes());
        buffer.limit(end).putInt(7 + RecordBatch.BATCH_LENGTH, -5);
        assertDamageAt(buffer, 7);
    }

    private static void assertDamageAt(ByteBuffer buffer, int position) {
        Batches batches = Batches.in(buffer);
        assertThatThrownBy(() -> batches.forEachRemaining(batch -> {}))
                .isInstanceOfSatisfying(CorruptBatchException.class, e -> {
                    assertThat(e.position()).isEqualTo(position);
                    assertThat(e.error()).isEqualTo(LogError.CORRUPT_MESSAGE);
                    assertThat(e.getStackTrace()).isEmpty();
                });
        assertThat(batches.position()).isEqualTo(position);
    }

    @Test
    void shouldExchangeMarkersWithKafka() {
        RecordBatch batch = new ControlRecord(ControlRecord.Type.ABORT, 44).toBatch(5, (short) 6, 7);
        var theirs = MemoryRecords.readableRecords(batch.bytes())
                .batches()
                .iterator()
                .next();
        theirs.ensureValid();
        assertThat(theirs.isControlBatch()).isTrue();
        var marker = EndTransactionMarker.deserialize(theirs.iterator().next());
        assertThat(marker.controlType()).isEqualTo(ControlRecordType.ABORT);
        assertThat(marker.coordinatorEpoch()).isEqualTo(44);

        MemoryRecords commit = MemoryRecords.withEndTransactionMarker(
                8, (short) 9, new EndTransactionMarker(ControlRecordType.COMMIT, 45));
        RecordBatch ours = RecordBatch.at(commit.buffer(), 0);
        assertThat(ControlRecord.of(ours)).isEqualTo(new ControlRecord(ControlRecord.Type.COMMIT, 45));
        assertThat(ours.isTransactional()).isTrue();
    }

    @Test
    void shouldRefuseMarkersThatAreNone() {
        assertThatThrownBy(() -> ControlRecord.of(batch(1))).isInstanceOf(LogException.class);
        RecordBatch leaderChange = new BatchBuilder()
                .control()
                .append(1, bytes("\0\0\0\2"), bytes("\0\0\0\0\0\0"))
                .build();
        assertThatThrownBy(() -> ControlRecord.of(leaderChange)).isInstanceOf(LogException.class);
        assertThat(ControlRecord.isTransactionMarker(leaderChange.records().next()))
                .isFalse();
    }

    private static RecordBatch batch(int count) {
        BatchBuilder builder = new BatchBuilder().compression(Compression.NONE);
        for (int i = 0; i < count; i++) {
            builder.append(i, bytes("k"), bytes("v"));
        }
        return builder.build();
    }
}
