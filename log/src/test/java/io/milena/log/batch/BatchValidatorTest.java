package io.milena.log.batch;

import static io.milena.log.batch.BatchBuilderTest.bytes;
import static io.milena.log.batch.BatchBuilderTest.kafkaBatch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.InvalidRecordException;
import io.milena.log.InvalidRecordException.RecordError;
import io.milena.log.LogError;
import io.milena.log.LogException;
import io.milena.log.compress.BlockBuffers;
import io.milena.log.compress.Compression;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchValidatorTest {
    private static final long NOW = 1_000_000;
    private static final BatchRules RULES = BatchRules.DEFAULT;

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldPassKafkasBatchesUnchanged(Compression codec) {
        RecordBatch batch = kafkaBatch(codec, 300);
        byte[] before = copy(batch);

        ValidatedBatch validated = validate(batch, RULES);

        assertThat(copy(validated.batch())).isEqualTo(before);
        assertThat(validated.appendTimeMs()).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldWorkOnDirectBuffersAtAnyPosition(Compression codec) {
        RecordBatch batch = kafkaBatch(codec, 30);
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.sizeInBytes() + 50).position(33);
        direct.put(batch.bytes()).flip().position(33);

        ValidatedBatch validated = validate(direct, withTimestampType(TimestampType.LOG_APPEND_TIME));

        assertThat(validated.batch().position()).isEqualTo(33);
        assertThat(validated.batch().checksumMatches()).isTrue();
        assertThat(direct.position()).isEqualTo(33);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldStampAppendTime(Compression codec) {
        RecordBatch batch = kafkaBatch(codec, 3);

        ValidatedBatch validated = validate(batch, withTimestampType(TimestampType.LOG_APPEND_TIME));

        assertThat(validated.appendTimeMs()).isEqualTo(NOW);
        assertThat(validated.batch().timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(validated.batch().maxTimestamp()).isEqualTo(NOW);
        assertThat(validated.batch().checksumMatches()).isTrue();
        assertThat(validated.batch().records().next().timestamp()).isEqualTo(NOW);
    }

    @Test
    void shouldCorrectTheMaximumTimestamp() {
        RecordBatch batch = plain(10).build();
        batch.stampCreateTime(NOW + 77);

        RecordBatch validated = validate(batch, RULES).batch();

        assertThat(validated.maxTimestamp()).isEqualTo(NOW + 9);
        assertThat(validated.checksumMatches()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldStoreInTheTopicsCodec(Compression target) {
        for (Compression source : Compression.values()) {
            RecordBatch batch = kafkaBatch(source, 200);
            List<Record> before = records(batch);
            RecordBatch stored = validate(batch, withCompression(target)).batch();
            assertThat(stored.compression()).isEqualTo(target);
            assertThat(stored.checksumMatches()).isTrue();
            assertThat(records(stored)).isEqualTo(before);
        }
    }

    @Test
    void shouldRefuseBatchesThatGrowTooLargeInTheTopicsCodec() {
        RecordBatch batch = plain(0).compression(Compression.ZSTD)
                .append(NOW, null, ByteBuffer.allocate(2_000_000))
                .build();
        assertRefused(batch, withCompression(Compression.NONE), LogError.MESSAGE_TOO_LARGE);
        assertRefused(
                plain(0).append(NOW, null, ByteBuffer.allocate(1_048_588)).build(), RULES, LogError.MESSAGE_TOO_LARGE);
    }

    @Test
    void shouldStopUnpackingBombs() {
        BatchBuilder builder = plain(0).compression(Compression.ZSTD);
        ByteBuffer zeros = ByteBuffer.allocate(32 << 20);
        for (int i = 0; i < 9; i++) {
            builder.append(NOW, null, zeros);
        }
        assertRefused(builder.build(), RULES, LogError.MESSAGE_TOO_LARGE);
    }

    @Test
    void shouldNameRecordsWithoutKeyInCompactedTopics() {
        for (Compression codec : Compression.values()) {
            RecordBatch batch = plain(0).compression(codec)
                    .append(NOW, bytes("a"), null)
                    .append(NOW, null, bytes("b"))
                    .append(NOW, bytes(""), bytes("c"))
                    .append(NOW, null, null)
                    .build();
            InvalidRecordException refusal = refusal(batch, compacted());
            assertThat(refusal.error()).isEqualTo(LogError.INVALID_RECORD);
            assertThat(refusal.recordErrors())
                    .extracting(RecordError::batchIndex)
                    .containsExactly(1, 3);
        }
    }

    @Test
    void shouldNameRecordsOutsideTheTimeRange() {
        BatchRules rules = new BatchRules(
                1000,
                TimestampType.CREATE_TIME,
                50,
                20,
                false,
                TargetCompression.AS_PRODUCED,
                AppendOrigin.CLIENT,
                true);
        RecordBatch batch = plain(0).append(NOW - 51, null, null)
                .append(NOW - 50, null, null)
                .append(NOW + 20, null, null)
                .append(NOW + 21, null, null)
                .append(RecordBatch.NO_TIMESTAMP, null, null)
                .build();
        InvalidRecordException refusal = refusal(batch, rules);
        assertThat(refusal.error()).isEqualTo(LogError.INVALID_TIMESTAMP);
        assertThat(refusal.recordErrors()).extracting(RecordError::batchIndex).containsExactly(0, 3);
    }

    @Test
    void shouldRefuseAppendTimesFromProducers() {
        RecordBatch batch = plain(2).appendTime(NOW).build();
        assertThat(refusal(batch, withTimestampType(TimestampType.LOG_APPEND_TIME))
                        .error())
                .isEqualTo(LogError.INVALID_TIMESTAMP);
        assertThat(validate(batch, RULES).batch().timestampType()).isEqualTo(TimestampType.CREATE_TIME);
    }

    @Test
    void shouldRefuseWhatOnlyBrokersMayWrite() {
        RecordBatch marker = new ControlRecord(ControlRecord.Type.COMMIT, 3).toBatch(9, (short) 1, NOW);
        assertRefused(marker, RULES, LogError.INVALID_RECORD);
        assertThat(validate(marker, RULES.from(AppendOrigin.COORDINATOR))
                        .batch()
                        .isControl())
                .isTrue();
        BatchRules packed = withCompression(Compression.LZ4).from(AppendOrigin.COORDINATOR);
        assertThat(validate(marker, packed).batch().compression()).isEqualTo(Compression.NONE);

        assertRefused(plain(1).baseOffset(5).build(), RULES, LogError.INVALID_RECORD);
        assertRefused(plain(1).producer(4, (short) 0, -1).build(), RULES, LogError.INVALID_RECORD);
        assertRefused(plain(1).producer(4, (short) -1, 0).build(), RULES, LogError.INVALID_RECORD);
        validate(plain(1).producer(4, (short) 0, -1).build(), RULES.from(AppendOrigin.COORDINATOR));
    }

    @Test
    void shouldRefuseZstdInOldRequests() {
        RecordBatch batch = kafkaBatch(Compression.ZSTD, 3);
        assertRefused(batch, RULES.withoutZstd(), LogError.UNSUPPORTED_COMPRESSION_TYPE);
        RecordBatch unknown = plain(1).build();
        put(unknown, RecordBatch.ATTRIBUTES + 1, 7);
        assertRefused(unknown, RULES, LogError.UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void shouldRefuseBytesThatAreNotOneBatch() {
        RecordBatch batch = plain(2).build();
        ByteBuffer twice = ByteBuffer.allocate(2 * batch.sizeInBytes());
        twice.put(batch.bytes()).put(batch.bytes()).flip();
        assertRefused(twice, LogError.INVALID_RECORD);
        assertRefused(ByteBuffer.allocate(0), LogError.INVALID_RECORD);
        assertRefused(batch.bytes().limit(batch.sizeInBytes() - 1), LogError.INVALID_RECORD);
        ByteBuffer oldFormat = ByteBuffer.wrap(copy(batch)).put(RecordBatch.MAGIC_AT, (byte) 1);
        assertRefused(oldFormat, LogError.INVALID_RECORD);
        ByteBuffer tiny = ByteBuffer.wrap(copy(batch)).putInt(RecordBatch.BATCH_LENGTH, 48);
        assertRefused(tiny, LogError.CORRUPT_MESSAGE);
    }

    @Test
    void shouldRefuseCountsThatDisagree() {
        for (Compression codec : Compression.values()) {
            for (int wrong : new int[] {0, 3, 5, -1, Integer.MIN_VALUE}) {
                RecordBatch count = kafkaBatch(codec, 4);
                putInt(count, RecordBatch.RECORD_COUNT, wrong);
                assertRefused(count, RULES, LogError.INVALID_RECORD);
                putInt(count, RecordBatch.LAST_OFFSET_DELTA, wrong - 1);
                assertRefused(count, RULES, LogError.INVALID_RECORD);
            }
        }
    }

    @Test
    void shouldRefuseGapsBetweenRecords() {
        RecordBatch batch = new BatchBuilder()
                .append(new Record(1, NOW, null, null, List.of()))
                .append(new Record(2, NOW, null, null, List.of()))
                .lastOffset(1 + 1)
                .build();
        putInt(batch, RecordBatch.LAST_OFFSET_DELTA, 1);
        assertRefused(batch, RULES, LogError.INVALID_RECORD);
    }

    @Test
    void shouldLookOnlyForDamageInReplicatedBatches() {
        RecordBatch batch = plain(1).baseOffset(99).build();
        BatchRules rules = withCompression(Compression.GZIP).from(AppendOrigin.REPLICA);
        assertThat(copy(validate(batch, rules).batch())).isEqualTo(copy(batch));
        batch.bytes().put(RecordBatch.BATCH_OVERHEAD, (byte) 99);
        assertRefused(batch, rules, LogError.CORRUPT_MESSAGE);
    }

    private static BatchBuilder plain(int count) {
        BatchBuilder builder = new BatchBuilder();
        for (int i = 0; i < count; i++) {
            builder.append(NOW + i, bytes("k" + i), bytes("v" + i));
        }
        return builder;
    }

    private static BatchRules withTimestampType(TimestampType type) {
        return new BatchRules(
                1_048_588,
                type,
                Long.MAX_VALUE,
                3_600_000,
                false,
                TargetCompression.AS_PRODUCED,
                AppendOrigin.CLIENT,
                true);
    }

    private static BatchRules withCompression(Compression codec) {
        return new BatchRules(
                1_048_588,
                TimestampType.CREATE_TIME,
                Long.MAX_VALUE,
                3_600_000,
                false,
                TargetCompression.of(codec, codec.defaultLevel()),
                AppendOrigin.CLIENT,
                true);
    }

    private static BatchRules compacted() {
        return new BatchRules(
                1_048_588,
                TimestampType.CREATE_TIME,
                Long.MAX_VALUE,
                3_600_000,
                true,
                TargetCompression.AS_PRODUCED,
                AppendOrigin.CLIENT,
                true);
    }

    static ValidatedBatch validate(RecordBatch batch, BatchRules rules) {
        return validate(batch.bytes(), rules);
    }

    private static ValidatedBatch validate(ByteBuffer records, BatchRules rules) {
        BatchValidator validator = new BatchValidator(new BlockBuffers());
        RecordBatch batch = validator.validate(records, rules, NOW);
        return new ValidatedBatch(batch, validator.appendTimeMs());
    }

    record ValidatedBatch(RecordBatch batch, long appendTimeMs) {}

    private static InvalidRecordException refusal(RecordBatch batch, BatchRules rules) {
        try {
            validate(batch, rules);
        } catch (InvalidRecordException e) {
            return e;
        }
        throw new AssertionError("accepted");
    }

    private static void assertRefused(RecordBatch batch, BatchRules rules, LogError error) {
        assertThatThrownBy(() -> validate(batch, rules))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private static void assertRefused(ByteBuffer records, LogError error) {
        assertThatThrownBy(() -> validate(records, RULES))
                .isInstanceOfSatisfying(
                        LogException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private static void putInt(RecordBatch batch, int at, int value) {
        batch.bytes().putInt(at, value);
        batch.renewChecksum();
    }

    private static void put(RecordBatch batch, int at, int value) {
        batch.bytes().put(at, (byte) value);
        batch.renewChecksum();
    }

    static List<Record> records(RecordBatch batch) {
        List<Record> records = new ArrayList<>();
        try (RecordIterator iterator = batch.records()) {
            iterator.forEachRemaining(records::add);
        }
        return records;
    }

    static byte[] copy(RecordBatch batch) {
        byte[] copy = new byte[batch.sizeInBytes()];
        batch.bytes().get(copy);
        return copy;
    }
}
