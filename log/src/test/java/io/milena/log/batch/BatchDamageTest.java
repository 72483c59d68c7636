package io.milena.log.batch;

import static io.milena.log.batch.BatchBuilderTest.kafkaBatch;
import static io.milena.log.batch.BatchValidatorTest.copy;
import static io.milena.log.batch.BatchValidatorTest.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.milena.log.LogException;
import io.milena.log.compress.BlockBuffers;
import io.milena.log.compress.Compression;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches with damaged bytes: found by the checksum, or met with a refusal when the checksum was made to fit. */
class BatchDamageTest {
    private static final long NOW = 10_000;

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldNoticeEveryChangedByte(Compression codec) {
        byte[] sound = copy(kafkaBatch(codec, 20));
        for (int at = 0; at < sound.length; at++) {
            for (int flip : new int[] {0x01, 0x80, 0xff}) {
                byte[] bytes = sound.clone();
                bytes[at] ^= (byte) flip;
                boolean leaderEpoch = at >= RecordBatch.LEADER_EPOCH && at < RecordBatch.MAGIC_AT;
                boolean accepted = accepts(bytes);
                if (accepted != leaderEpoch) {
                    fail("byte %d flipped with %x is accepted: %s", at, flip, accepted);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldRefuseForgedBatchesWithoutSurprises(Compression codec) {
        byte[] sound = copy(kafkaBatch(codec, 20));
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = sound.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                int at = RecordBatch.ATTRIBUTES + random.nextInt(sound.length - RecordBatch.ATTRIBUTES);
                bytes[at] = (byte) random.nextInt();
            }
            RecordBatch.at(ByteBuffer.wrap(bytes), 0).renewChecksum();
            try {
                if (accepts(bytes)) {
                    RecordBatch batch = RecordBatch.at(ByteBuffer.wrap(bytes), 0);
                    assertThat(records(batch)).hasSize(batch.recordCount());
                }
            } catch (RuntimeException | AssertionError e) {
                fail("seed " + seed + " step " + i, e);
            }
        }
    }

    private static boolean accepts(byte[] bytes) {
        try {
            new BatchValidator(new BlockBuffers()).validate(ByteBuffer.wrap(bytes), BatchRules.DEFAULT, NOW);
            return true;
        } catch (LogException expected) {
            return false;
        }
    }
}
