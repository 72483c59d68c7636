package io.milena.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WriterTest {
    private final Writer writer = new Writer(0);

    @ParameterizedTest
    @CsvSource({"0,00", "1,01", "127,7f", "128,8001", "300,ac02", "2147483647,ffffffff07"})
    void shouldWriteUnsignedVarints(int value, String hex) {
        writer.writeUnsignedVarint(value);
        assertThat(written()).isEqualTo(hex);
    }

    @Test
    void shouldWriteNulls() {
        writer.writeNullableString(null);
        writer.writeCompactNullableString(null);
        writer.writeNullableBytes(null);
        writer.writeCompactNullableBytes(null);
        writer.writeRecords(null);
        writer.writeCompactRecords(null);
        writer.writeArrayLength(-1);
        writer.writeCompactArrayLength(-1);
        assertThat(written()).isEqualTo("ffff" + "00" + "ffffffff" + "00" + "ffffffff" + "00" + "ffffffff" + "00");
    }

    @Test
    void shouldRememberRecordsAsSplices() {
        Records first = new BufferRecords(ByteBuffer.wrap(new byte[] {10, 11}));
        Records second = new BufferRecords(ByteBuffer.wrap(new byte[] {20}));
        writer.writeInt8((byte) 1);
        writer.writeRecords(first);
        writer.writeCompactRecords(second);
        writer.writeCompactRecords(new BufferRecords(ByteBuffer.allocate(0)));
        writer.writeInt8((byte) 9);
        assertThat(written()).isEqualTo("01" + "00000002" + "02" + "01" + "09");
        assertThat(writer.splices()).containsExactly(new Writer.Splice(5, first), new Writer.Splice(6, second));
        assertThat(writer.sizeInBytes()).isEqualTo(11);
        assertThat(HexFormat.of().formatHex(writer.joined().array()))
                .isEqualTo("01" + "00000002" + "0a0b" + "02" + "14" + "01" + "09");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 100_000})
    void shouldFillInTheSizeOfATag(int size) {
        int tag = writer.beginTag(3);
        for (int i = 0; i < size; i++) {
            writer.writeInt8((byte) i);
        }
        writer.endTag(tag);
        writer.writeInt8((byte) 42);

        Reader reader = new Reader(writer.buffer());
        assertThat(reader.readUnsignedVarint()).isEqualTo(3);
        int end = reader.readTagEnd();
        for (int i = 0; i < size; i++) {
            assertThat(reader.readInt8()).isEqualTo((byte) i);
        }
        reader.finishTag(end);
        assertThat(reader.readInt8()).isEqualTo((byte) 42);
        assertThat(reader.remaining()).isZero();
    }

    @Test
    void shouldPatchALengthWrittenBefore() {
        writer.writeInt32(0);
        writer.writeCompactString("abc");
        writer.patchInt32(0, writer.sizeInBytes() - 4);
        assertThat(written()).isEqualTo("00000004" + "04616263");
    }

    @Test
    void shouldRefuseWhatTheWireCannotExpress() {
        assertThatThrownBy(() -> writer.writeUint16(70_000)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> writer.writeUint16(-1)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> writer.writeString("x".repeat(32_768))).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> writer.writeCompactString("x".repeat(32_768))).isInstanceOf(ProtocolException.class);
    }

    private String written() {
        ByteBuffer buffer = writer.buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
