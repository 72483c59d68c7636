package io.milena.log.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.log.compress.Compression;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchBuilderTest {
    private static final int COUNT = 500;

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldBuildWhatKafkaReads(Compression codec) {
        BatchBuilder builder = new BatchBuilder()
                .baseOffset(77)
                .leaderEpoch(5)
                .compression(codec)
                .producer(12, (short) 3, 99)
                .transactional();
        for (int i = 0; i < COUNT; i++) {
            builder.append(
                    1000 + i,
                    i % 7 == 0 ? null : bytes("key" + i),
                    i % 5 == 0 ? null : bytes("value".repeat(i)),
                    i % 3 == 0
                            ? List.of()
                            : List.of(
                                    new io.milena.log.batch.RecordHeader("h", bytes("x" + i)),
                                    new io.milena.log.batch.RecordHeader("ü", null)));
        }
        RecordBatch built = builder.build();

        var batches = MemoryRecords.readableRecords(built.bytes()).batches().iterator();
        var theirs = batches.next();
        assertThat(batches.hasNext()).isFalse();
        theirs.ensureValid();
        assertThat(theirs.baseOffset()).isEqualTo(77);
        assertThat(theirs.lastOffset()).isEqualTo(77 + COUNT - 1).isEqualTo(built.lastOffset());
        assertThat(theirs.producerId()).isEqualTo(12);
        assertThat(theirs.producerEpoch()).isEqualTo((short) 3);
        assertThat(theirs.lastSequence()).isEqualTo(99 + COUNT - 1).isEqualTo(built.lastSequence());
        assertThat(theirs.maxTimestamp()).isEqualTo(1000 + COUNT - 1);
        assertThat(theirs.isTransactional()).isTrue();
        int i = 0;
        for (var record : theirs) {
            assertThat(record.offset()).isEqualTo(77 + i);
            assertThat(record.timestamp()).isEqualTo(1000 + i);
            assertThat(record.key()).isEqualTo(i % 7 == 0 ? null : bytes("key" + i));
            assertThat(record.value()).isEqualTo(i % 5 == 0 ? null : bytes("value".repeat(i)));
            assertThat(record.headers()).hasSize(i % 3 == 0 ? 0 : 2);
            i++;
        }
        assertThat(i).isEqualTo(COUNT);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldReadWhatKafkaBuilds(Compression codec) {
        RecordBatch batch = kafkaBatch(codec, COUNT);

        assertThat(batch.checksumMatches()).isTrue();
        assertThat(batch.compression()).isEqualTo(codec);
        assertThat(batch.recordCount()).isEqualTo(COUNT);
        assertThat(batch.timestampType()).isEqualTo(io.milena.log.batch.TimestampType.CREATE_TIME);
        List<Record> records = new ArrayList<>();
        try (RecordIterator iterator = batch.records()) {
            iterator.forEachRemaining(records::add);
        }
        assertThat(records).hasSize(COUNT);
        for (int i = 0; i < COUNT; i++) {
            Record record = records.get(i);
            assertThat(record.offset()).isEqualTo(i);
            assertThat(record.timestamp()).isEqualTo(1000 + i);
            assertThat(record.key()).isEqualTo(i % 7 == 0 ? null : bytes("key" + i));
            assertThat(record.value()).isEqualTo(i % 5 == 0 ? null : bytes("value".repeat(i)));
            assertThat(record.headers())
                    .containsExactly(
                            new io.milena.log.batch.RecordHeader("h", bytes("x" + i)),
                            new io.milena.log.batch.RecordHeader("ü", null));
        }
    }

    @Test
    void shouldShowTheSameRecordsThroughTheScan() {
        RecordBatch batch = kafkaBatch(Compression.NONE, 50);
        RecordHeaderScan scan = RecordHeaderScan.over(batch);
        for (int i = 0; i < 50; i++) {
            assertThat(scan.advance()).isTrue();
            assertThat(scan.offsetDelta()).isEqualTo(i);
            assertThat(scan.timestampDelta()).isEqualTo(i);
            assertThat(scan.key()).isEqualTo(i % 7 == 0 ? null : bytes("key" + i));
            assertThat(scan.headers()).hasSize(2);
        }
        assertThat(scan.advance()).isFalse();
    }

    @Test
    void shouldKeepTheOffsetsOfRecordsThatAreGone() {
        RecordBatch batch = new BatchBuilder()
                .baseOffset(100)
                .deleteHorizon(5000)
                .append(new Record(103, 900, bytes("k"), null, List.of()))
                .append(new Record(107, 950, bytes("l"), null, List.of()))
                .lastOffset(110)
                .build();

        assertThat(batch.baseOffset()).isEqualTo(100);
        assertThat(batch.nextOffset()).isEqualTo(111);
        assertThat(batch.hasDeleteHorizon()).isTrue();
        var theirs = MemoryRecords.readableRecords(batch.bytes())
                .batches()
                .iterator()
                .next();
        assertThat(theirs.deleteHorizonMs()).hasValue(5000);
        var records = theirs.iterator();
        assertThat(records.next().offset()).isEqualTo(103);
        assertThat(records.next().timestamp()).isEqualTo(950);
    }

    @Test
    void shouldBuildAnEmptyBatch() {
        RecordBatch batch = new BatchBuilder()
                .baseOffset(8)
                .compression(Compression.ZSTD)
                .producer(3, (short) 0, 4)
                .lastOffset(9)
                .maxTimestamp(55)
                .build();

        var theirs = MemoryRecords.readableRecords(batch.bytes())
                .batches()
                .iterator()
                .next();
        theirs.ensureValid();
        assertThat(theirs.lastOffset()).isEqualTo(9);
        assertThat(theirs.maxTimestamp()).isEqualTo(55);
        assertThat(theirs.iterator().hasNext()).isFalse();
        assertThat(batch.records().hasNext()).isFalse();
    }

    static RecordBatch kafkaBatch(Compression codec, int count) {
        var compression = org.apache.kafka.common.compress.Compression.of(CompressionType.forId(codec.id()))
                .build();
        MemoryRecordsBuilder builder =
                MemoryRecords.builder(ByteBuffer.allocate(1024), compression, TimestampType.CREATE_TIME, 0L);
        for (int i = 0; i < count; i++) {
            Header[] headers = {new RecordHeader("h", ("x" + i).getBytes(UTF_8)), new RecordHeader("ü", (byte[]) null)};
            byte[] key = i % 7 == 0 ? null : ("key" + i).getBytes(UTF_8);
            byte[] value = i % 5 == 0 ? null : "value".repeat(i).getBytes(UTF_8);
            builder.append(new SimpleRecord(1000 + i, key, value, headers));
        }
        return RecordBatch.at(builder.build().buffer(), 0);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
