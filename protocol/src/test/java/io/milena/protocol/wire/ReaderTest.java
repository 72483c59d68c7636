package io.milena.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReaderTest {

    @ParameterizedTest
    @CsvSource({"0,00", "1,01", "127,7f", "128,8001", "300,ac02", "2147483647,ffffffff07"})
    void shouldReadUnsignedVarints(int value, String hex) {
        assertThat(reader(hex).readUnsignedVarint()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"80", "ffffffff08", "ffffffff0f", "808080808001"})
    void shouldRefuseUnsignedVarintsOfMoreThan31Bits(String hex) {
        assertThatThrownBy(() -> reader(hex).readUnsignedVarint()).isInstanceOf(ProtocolException.class);
    }

    @Test
    void shouldReadStringsFromHeapAndDirectBuffers() {
        ByteBuffer direct =
                ByteBuffer.allocateDirect(4).put(new byte[] {0, 2, 'o', 'k'}).flip();
        assertThat(new Reader(direct).readString()).isEqualTo("ok");
        assertThat(reader("00026f6b").readString()).isEqualTo("ok");
        assertThat(reader("036f6b").readCompactString()).isEqualTo("ok");
        assertThat(reader("ffff").readNullableString()).isNull();
        assertThat(reader("00").readCompactNullableString()).isNull();
    }

    @Test
    void shouldRefuseNullWhereAValueMustBe() {
        assertThatThrownBy(() -> reader("ffff").readString()).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> reader("00").readCompactString()).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> reader("ffffffff").readBytes()).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> reader("00").readCompactBytes()).isInstanceOf(ProtocolException.class);
    }

    @Test
    void shouldRefuseLengthsBeyondTheFrame() {
        assertThatThrownBy(() -> reader("00036f6b").readString()).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> reader("7fffffff00").readBytes()).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> reader("7fffffff00").readRecords()).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> reader("0000000200").readArrayLength(1)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> reader("7fffffff00").readArrayLength(8)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> reader("03000000").readCompactArrayLength(2)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> reader("0205").readTagEnd()).isInstanceOf(ProtocolException.class);
    }

    @Test
    void shouldRefuseStringsThatNoClientMaySend() {
        ByteBuffer frame = ByteBuffer.allocate(40_000);
        frame.put(new byte[] {(byte) 0x81, (byte) 0x80, 0x02}).rewind();
        assertThatThrownBy(() -> new Reader(frame).readCompactString())
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("32768");
    }

    @Test
    void shouldSkipUnknownTags() {
        Reader reader = reader("02" + "05" + "02aaaa" + "09" + "00" + "2a");
        reader.skipTags();
        assertThat(reader.readInt8()).isEqualTo((byte) 42);
    }

    @Test
    void shouldNoticeATagThatIsNotAsLongAsItSays() {
        Reader reader = reader("02aaaa");
        int end = reader.readTagEnd();
        reader.readInt8();
        assertThatThrownBy(() -> reader.finishTag(end)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void shouldLeaveTheBufferOfTheCallerAlone() {
        ByteBuffer buffer =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0x01000000);
        Reader reader = new Reader(buffer);
        assertThat(reader.readInt32()).isEqualTo(1);
        assertThat(reader.position()).isEqualTo(4);
        assertThat(reader.remaining()).isEqualTo(4);
        assertThat(buffer.position()).isZero();
    }

    private static Reader reader(String hex) {
        return new Reader(ByteBuffer.wrap(java.util.HexFormat.of().parseHex(hex)));
    }
}
