package io.milena.server.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.server.testing.NothingLeftOver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NothingLeftOver.class)
class FrameDecoderTest {
    private static final int MAX_FRAME_BYTES = 100_000_000;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final RequestMemory memory = new RequestMemory(Long.MAX_VALUE);
    private final FrameDecoder decoder = new FrameDecoder(allocator, MAX_FRAME_BYTES, memory);

    @AfterEach
    void close() {
        decoder.close();
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void shouldLeaveFramesWhereTheyArrived() throws InvalidFrameException {
        ByteBuf bytes =
                buffer().writeInt(8).writeLong(1).writeInt(9).writeLong(2).writeByte(3);
        decoder.add(bytes);

        RequestFrame first = next();
        RequestFrame second = next();
        assertThat(first.view().getLong()).isEqualTo(1);
        bytes.setLong(Integer.BYTES, 4);
        assertThat(first.view().getLong()).as("no copy").isEqualTo(4);
        assertThat(second.view().getLong()).isEqualTo(2);
        assertThat(second.length()).isEqualTo(9);
        assertThat(decoder.next()).isNull();
        assertThat(decoder.hasBytes()).isFalse();
        release(first, 8);
        release(second, 9);
    }

    @Test
    void shouldJoinAFrameThatComesByteByByte() throws InvalidFrameException {
        byte[] wire = {0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 77, 0, 5};
        for (int i = 0; i < wire.length - 1; i++) {
            decoder.add(buffer().writeByte(wire[i]));
            assertThat(decoder.next()).isNull();
        }
        decoder.add(buffer().writeByte(wire[wire.length - 1]));

        RequestFrame frame = next();
        ByteBuffer view = frame.view();
        assertThat(view.getLong()).isEqualTo(77);
        assertThat(view.getShort()).isEqualTo((short) 5);
        assertThat(view.hasRemaining()).isFalse();
        release(frame, 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 0, 7, MAX_FRAME_BYTES + 1, Integer.MAX_VALUE, 0x47455420})
    void shouldRefuseLengthsNoFrameCanHave(int length) {
        decoder.add(buffer().writeInt(length).writeLong(0));

        assertThatThrownBy(decoder::next)
                .isInstanceOf(InvalidFrameException.class)
                .hasMessageContaining("frame of " + length + " bytes");
    }

    @Test
    void shouldNotAllocateWhatWasOnlyAnnounced() throws InvalidFrameException {
        decoder.add(buffer().writeInt(MAX_FRAME_BYTES).writeLong(1));

        assertThat(decoder.next()).isNull();
        assertThat(decoder.isInsideFrame()).isTrue();
        assertThat(allocator.metric().usedDirectMemory()).isLessThan(10_000);
        assertThat(memory.usedBytes()).isLessThan(10_000);
    }

    @Test
    void shouldGrowWithTheBytesThatArrive() throws InvalidFrameException {
        int length = 3_000_000;
        decoder.add(buffer().writeInt(length));
        for (int sent = 0; sent < length; sent += 100_000) {
            assertThat(decoder.next()).isNull();
            assertThat(memory.usedBytes()).isLessThanOrEqualTo(Math.max(2L * sent, 1024));
            decoder.add(buffer().writeZero(100_000));
        }
        release(next(), length);
    }

    @Test
    void shouldKeepBytesThatArriveWhileNobodyAsks() throws InvalidFrameException {
        decoder.add(buffer().writeInt(8).writeInt(1));
        decoder.add(buffer().writeInt(2).writeInt(8));
        decoder.add(buffer().writeLong(3));

        RequestFrame first = next();
        RequestFrame second = next();
        assertThat(first.view().getLong()).isEqualTo(1L << Integer.SIZE | 2);
        assertThat(second.view().getLong()).isEqualTo(3);
        release(first, 8);
        release(second, 8);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldFindTheSameFramesHoweverTheBytesAreCut(long seed) throws InvalidFrameException {
        Random random = new Random(seed);
        List<byte[]> sent = new ArrayList<>();
        ByteBuf wire = buffer();
        for (int i = 0; i < 300; i++) {
            byte[] frame = new byte[FrameDecoder.MIN_FRAME_BYTES + random.nextInt(1 << random.nextInt(14))];
            random.nextBytes(frame);
            sent.add(frame);
            wire.writeInt(frame.length).writeBytes(frame);
        }
        List<byte[]> received = new ArrayList<>();
        while (wire.isReadable()) {
            int take = Math.min(wire.readableBytes(), 1 + random.nextInt(1 << random.nextInt(15)));
            decoder.add(wire.readBytes(take));
            for (RequestFrame frame = decoder.next(); frame != null; frame = decoder.next()) {
                byte[] bytes = new byte[frame.length()];
                frame.view().get(bytes);
                received.add(bytes);
                release(frame, frame.length());
            }
        }
        wire.release();

        assertThat(received).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(received.get(i)).isEqualTo(sent.get(i));
        }
    }

    private RequestFrame next() throws InvalidFrameException {
        RequestFrame frame = decoder.next();
        assertThat(frame).isNotNull();
        return frame;
    }

    private void release(RequestFrame frame, int reservedBytes) {
        long before = memory.usedBytes();
        frame.release();
        frame.release();
        assertThat(memory.usedBytes()).isEqualTo(before - reservedBytes);
    }

    private ByteBuf buffer() {
        return allocator.directBuffer();
    }
}
