package io.milena.log.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.log.LogError;
import io.milena.log.LogException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

class CompressionTest {
    private static final byte MAGIC_2 = 2;
    private static final byte[] PLAIN = text(300_000);

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldReadWhatKafkaWrites(Compression codec) throws IOException {
        ByteBufferOutputStream written = new ByteBufferOutputStream(1024);
        try (OutputStream out = kafka(codec).wrapForOutput(written, MAGIC_2)) {
            out.write(PLAIN);
        }
        ByteBuffer bytes = written.buffer().flip();
        assertThat(read(codec, bytes)).isEqualTo(PLAIN);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining() + 3).position(3);
        direct.put(bytes).flip().position(3);
        assertThat(read(codec, direct)).isEqualTo(PLAIN);
        assertThat(direct.position()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldWriteWhatKafkaReads(Compression codec) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(write(codec, codec.defaultLevel()));
        try (InputStream in = kafka(codec).wrapForInput(bytes, MAGIC_2, BufferSupplier.create())) {
            assertThat(in.readAllBytes()).isEqualTo(PLAIN);
        }
    }

    @ParameterizedTest
    @CsvSource({"GZIP,1", "GZIP,9", "LZ4,1", "LZ4,17", "ZSTD,-5", "ZSTD,1", "ZSTD,19"})
    void shouldUseTheLevel(Compression codec, int level) throws IOException {
        byte[] bytes = write(codec, level);
        assertThat(bytes).isNotEqualTo(write(codec, codec.defaultLevel()));
        assertThat(read(codec, ByteBuffer.wrap(bytes))).isEqualTo(PLAIN);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldKeepNothing(Compression codec) throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        codec.writing(written, codec.defaultLevel()).close();
        assertThat(read(codec, ByteBuffer.wrap(written.toByteArray()))).isEmpty();
    }

    @Test
    void shouldReadBareSnappyBlocks() throws IOException {
        assertThat(read(Compression.SNAPPY, ByteBuffer.wrap(Snappy.compress(PLAIN))))
                .isEqualTo(PLAIN);
        byte[] zeros = new byte[1_000_000];
        assertThat(read(Compression.SNAPPY, ByteBuffer.wrap(Snappy.compress(zeros))))
                .isEqualTo(zeros);
    }

    @Test
    void shouldReadConcatenatedSnappyFrames() throws IOException {
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.writeBytes(write(Compression.SNAPPY, 0));
        twice.writeBytes(write(Compression.SNAPPY, 0));
        assertThat(read(Compression.SNAPPY, ByteBuffer.wrap(twice.toByteArray())))
                .hasSize(2 * PLAIN.length);
    }

    @Test
    void shouldNotBelieveSizesThatSnappyCannotReach() {
        byte[] bare = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 0x00, 0x41};
        ByteBuffer framed = ByteBuffer.allocate(100)
                .putLong(0x82534e4150505900L)
                .putInt(1)
                .putInt(1)
                .putInt(Integer.MAX_VALUE)
                .rewind();
        assertThatThrownBy(() -> read(Compression.SNAPPY, ByteBuffer.wrap(bare)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(Compression.SNAPPY, framed)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource(BLOCKSIZE.class)
    void shouldReadLz4FramesOfOtherClients(BLOCKSIZE blockSize) throws IOException {
        FLG.Bits[][] features = {
            {FLG.Bits.BLOCK_INDEPENDENCE},
            {FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_CHECKSUM},
            {FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_CHECKSUM, FLG.Bits.BLOCK_CHECKSUM},
            {FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_SIZE}
        };
        for (FLG.Bits[] bits : features) {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            try (OutputStream out = new LZ4FrameOutputStream(written, blockSize, PLAIN.length, bits)) {
                out.write(PLAIN);
            }
            assertThat(read(Compression.LZ4, ByteBuffer.wrap(written.toByteArray())))
                    .isEqualTo(PLAIN);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldMeetDamageWithIoExceptionsOnly(Compression codec) throws IOException {
        byte[] sound = write(codec, codec.defaultLevel());
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = java.util.Arrays.copyOf(sound, i % 3 == 0 ? random.nextInt(sound.length) : sound.length);
            for (int flips = random.nextInt(3); flips >= 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(flips == 0 ? Math.min(20, bytes.length) : bytes.length)] ^=
                        (byte) (1 << random.nextInt(8));
            }
            try {
                read(codec, ByteBuffer.wrap(bytes));
            } catch (IOException expected) {
                assertThat(expected).as("seed %d", seed).isNotNull();
            }
        }
    }

    @Test
    void shouldNameEveryCodecAsKafkaDoes() {
        for (Compression codec : Compression.values()) {
            CompressionType theirs = CompressionType.forId(codec.id());
            assertThat(codec.codecName()).isEqualTo(theirs.name);
            assertThat(Compression.ofName(theirs.name)).isSameAs(Compression.ofId(theirs.id));
            if (codec != Compression.NONE && codec != Compression.SNAPPY) {
                assertThat(codec.defaultLevel()).isEqualTo(theirs.defaultLevel());
            }
        }
        assertThatThrownBy(() -> Compression.ofId(5))
                .isInstanceOfSatisfying(
                        LogException.class,
                        e -> assertThat(e.error()).isEqualTo(LogError.UNSUPPORTED_COMPRESSION_TYPE));
    }

    private static org.apache.kafka.common.compress.Compression kafka(Compression codec) {
        return org.apache.kafka.common.compress.Compression.of(CompressionType.forId(codec.id()))
                .build();
    }

    private static byte[] write(Compression codec, int level) throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (OutputStream out = codec.writing(written, level)) {
            out.write(PLAIN);
        }
        return written.toByteArray();
    }

    private static byte[] read(Compression codec, ByteBuffer bytes) throws IOException {
        try (InputStream in = codec.reading(bytes)) {
            return in.readAllBytes();
        }
    }

    private static byte[] text(int size) {
        Random random = new Random(42);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i % 100 < 60 ? 'a' : 'a' + random.nextInt(16));
        }
        return bytes;
    }
}
