package io.milena.server.coordinator.group.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.server.coordinator.group.record.GroupRecord.ClassicGroupRemoved;
import io.milena.server.coordinator.group.record.GroupRecord.ClassicGroupStored;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetRemoved;
import io.milena.server.coordinator.group.record.GroupRecord.OffsetStored;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The expected bytes were written by Kafka 4.3.1's own classes. */
class GroupRecordCodecTest {
    private static final long TIME_MS = 1_700_000_000_000L;
    private static final String OFFSET_KEY = "000100066f726465727300087061796d656e747300000007";
    private static final String GROUP_KEY = "000200066f7264657273";

    private final GroupRecordCodec codec = new GroupRecordCodec();

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    private void assertFormat(GroupRecord record, String key, @Nullable String value) {
        ByteBuffer keyBytes = codec.key(record);
        ByteBuffer valueBytes = codec.value(record);
        assertThat(hex(keyBytes)).isEqualTo(key);
        assertThat(valueBytes == null ? null : hex(valueBytes)).isEqualTo(value);
        assertThat(codec.decode(keyBytes, valueBytes)).isEqualTo(record);
    }

    @Test
    void shouldStoreOffsetsAsKafkaDoes() {
        UUID topicId = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
        assertFormat(
                new OffsetStored(
                        "orders",
                        "payments",
                        7,
                        new CommittedOffset(1_234_567_890_123L, 5, "note", TIME_MS, -1, topicId)),
                OFFSET_KEY,
                "00040000011f71fb04cb00000005056e6f74650000018bcfe568000100100102030405060708090a0b0c0d0e0f10");
        assertFormat(
                new OffsetStored("orders", "payments", 7, new CommittedOffset(42, -1, "", TIME_MS, -1, new UUID(0, 0))),
                OFFSET_KEY,
                "0004000000000000002affffffff010000018bcfe5680000");
        assertFormat(new OffsetRemoved("orders", "payments", 7), OFFSET_KEY, null);
    }

    @Test
    void shouldStoreOffsetsWithATimeToExpireAsKafkaDoes() {
        assertFormat(
                new OffsetStored(
                        "orders",
                        "payments",
                        7,
                        new CommittedOffset(42, -1, "", TIME_MS, TIME_MS + 60_000, new UUID(0, 0))),
                OFFSET_KEY,
                "0001000000000000002a00000000018bcfe568000000018bcfe65260");
    }

    @Test
    void shouldStoreGroupsAsKafkaDoes() {
        StoredMember first = new StoredMember(
                "m-1",
                null,
                "app",
                "/127.0.0.1",
                300_000,
                45_000,
                OpaqueBytes.of(new byte[] {1, 2}),
                OpaqueBytes.of(new byte[] {3}));
        StoredMember second = new StoredMember(
                "i-2", "i", "app2", "/127.0.0.2", 60_000, 10_000, OpaqueBytes.of(new byte[] {9}), OpaqueBytes.EMPTY);
        assertFormat(
                new ClassicGroupStored("orders", "consumer", 3, "range", "m-1", TIME_MS, List.of(first, second)),
                GROUP_KEY,
                "00030008636f6e73756d657200000003000572616e676500036d2d310000018bcfe568000000000200036d2d31ffff000361"
                        + "7070000a2f3132372e302e302e31000493e00000afc800000002010200000001030003692d32000169000461707032000a2f"
                        + "3132372e302e302e320000ea6000002710000000010900000000");
        assertFormat(new ClassicGroupRemoved("orders"), GROUP_KEY, null);
    }

    @Test
    void shouldStoreEmptyGroupsAsKafkaDoes() {
        assertFormat(
                new ClassicGroupStored("orders", "", 0, null, null, TIME_MS, List.of()),
                GROUP_KEY,
                "0003000000000000ffffffff0000018bcfe5680000000000");
    }

    @Test
    void shouldPassOverRecordsOfNewerProtocols() {
        assertThat(codec.decode(ByteBuffer.wrap(new byte[] {0, 9, 0, 1, 'g'}), ByteBuffer.wrap(new byte[] {0, 0})))
                .isNull();
    }
}
