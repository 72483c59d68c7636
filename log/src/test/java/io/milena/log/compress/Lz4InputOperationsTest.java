package io.milena.log.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames, whole and damaged, must be read as the library reads them. */
class Lz4InputOperationsTest {
    private static final int MAX_PLAIN_BYTES = 200_000;
    private static final String FAILED = "failed";

    private final BlockBuffers buffers = new BlockBuffers();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldReadWhatTheLibraryReads(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            byte[] frame = frame(random, random.nextInt(MAX_PLAIN_BYTES));
            String where = "seed " + seed + " round " + round;
            assertThat(read(frame, random)).as(where).isEqualTo(readByLibrary(frame));
            frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(read(frame, random)).as(where + " damaged").isEqualTo(readByLibrary(frame));
            byte[] cut = new byte[random.nextInt(frame.length)];
            System.arraycopy(frame, 0, cut, 0, cut.length);
            assertThat(read(cut, random)).as(where + " cut").isEqualTo(readByLibrary(cut));
        }
    }

    @Test
    void shouldReadFramesOneBehindTheOther() throws IOException {
        Random random = new Random(4);
        byte[] first = frame(random, 100_000);
        byte[] second = frame(random, 1_000);
        ByteBuffer both =
                ByteBuffer.allocate(first.length + second.length).put(first).put(second);

        String plain = read(both.array(), random);

        assertThat(plain).isNotEqualTo(FAILED).isEqualTo(readByLibrary(both.array()));
    }

    @Test
    void shouldUseItsMemoryAgain() throws IOException {
        byte[] block = buffers.take();
        buffers.giveBack(block);
        Random random = new Random(5);
        read(frame(random, 50_000), random);

        assertThat(buffers.take()).isSameAs(block);
    }

    private static byte[] frame(Random random, int size) throws IOException {
        byte[] plain = new byte[size];
        int distinct = 1 + random.nextInt(256);
        for (int i = 0; i < size; i++) {
            plain[i] = (byte) random.nextInt(distinct);
        }
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        try (OutputStream out = Compression.LZ4.writing(frame, Lz4.FAST_LEVEL)) {
            out.write(plain);
        }
        return frame.toByteArray();
    }

    /** The plain bytes as text, or that they cannot be read; from memory on the heap or outside of it. */
    private String read(byte[] frame, Random random) {
        ByteBuffer bytes = random.nextBoolean()
                ? ByteBuffer.wrap(frame)
                : ByteBuffer.allocateDirect(frame.length + 3)
                        .position(3)
                        .put(frame)
                        .position(3);
        return text(
                () -> Compression.LZ4.reading(bytes, buffers),
                random.nextBoolean() ? 7_000 : BlockBuffers.BLOCK_BYTES + 1);
    }

    private static String readByLibrary(byte[] frame) {
        return text(() -> Lz4.library(ByteBuffer.wrap(frame)), 7_000);
    }

    private interface Opening {
        InputStream open() throws IOException;
    }

    private static String text(Opening opening, int chunkBytes) {
        StringBuilder text = new StringBuilder();
        byte[] chunk = new byte[chunkBytes];
        try (InputStream in = opening.open()) {
            for (int count = in.read(chunk, 0, chunk.length); count >= 0; count = in.read(chunk, 0, chunk.length)) {
                text.append(new String(chunk, 0, count, StandardCharsets.ISO_8859_1));
            }
            return text.toString();
        } catch (IOException e) {
            return FAILED;
        }
    }
}
