package io.milena.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.milena.protocol.KafkaMessages.Pair;
import io.milena.protocol.RandomStructs.UnknownTags;
import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.types.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged frames are decoded or refused with a {@link ProtocolException}, at a cost bounded by their length. */
class CorruptFrameTest {
    private static final int[] FLIPS = {0x01, 0x40, 0x80, 0xFF};
    private static final int LONGEST_SAMPLE = 600;
    /** Exceptions with their traces, reflection, JIT noise. */
    private static final long FIXED_ALLOCATION = 64 * 1024;
    /** Bytes on the heap for each byte of a frame: the worst is a list of objects made of very little. */
    private static final long ALLOCATION_PER_BYTE = 64;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static List<Pair> messages() {
        return KafkaMessages.all();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldSurviveEveryTruncation(Pair pair) {
        for (int version : new int[] {pair.versions().get(0), pair.highest()}) {
            byte[] sample = sample(pair, version);
            for (int length = 0; length < sample.length; length++) {
                decode(pair, version, Arrays.copyOf(sample, length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldSurviveEveryFlippedByte(Pair pair) {
        for (int version : new int[] {pair.versions().get(0), pair.highest()}) {
            byte[] sample = sample(pair, version);
            for (int i = 0; i < sample.length; i++) {
                for (int flip : FLIPS) {
                    byte[] damaged = sample.clone();
                    damaged[i] ^= (byte) flip;
                    decode(pair, version, damaged);
                }
            }
        }
    }

    @Test
    void shouldSurviveNoise() {
        Random random = new Random(20);
        for (Pair pair : messages()) {
            for (int i = 0; i < 100; i++) {
                byte[] noise = new byte[random.nextInt(100)];
                random.nextBytes(noise);
                decode(pair, pair.highest(), noise);
            }
        }
    }

    /** The first decoding of a kind may load classes; only the second one counts then. */
    private void decode(Pair pair, int version, byte[] frame) {
        long limit = FIXED_ALLOCATION + ALLOCATION_PER_BYTE * frame.length;
        if (allocatedBy(pair, version, frame) > limit) {
            assertThat(allocatedBy(pair, version, frame))
                    .as("bytes for %s version %s of %s", pair, version, Arrays.toString(frame))
                    .isLessThanOrEqualTo(limit);
        }
    }

    private long allocatedBy(Pair pair, int version, byte[] frame) {
        long before = threads.getCurrentThreadAllocatedBytes();
        read(pair, version, frame);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** Any exception but one fails the test. */
    private void read(Pair pair, int version, byte[] frame) {
        try {
            pair.reader().read(new Reader(ByteBuffer.wrap(frame)), version);
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static byte[] sample(Pair pair, int version) {
        for (long seed = 0; ; seed++) {
            Struct content = new RandomStructs(seed, UnknownTags.ONE).struct(pair.schemas()[version]);
            if (content.sizeOf() <= LONGEST_SAMPLE) {
                ByteBuffer buffer = ByteBuffer.allocate(content.sizeOf());
                content.writeTo(buffer);
                return buffer.array();
            }
        }
    }
}
