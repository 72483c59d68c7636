package io.milena.server.coordinator.group.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.protocol.wire.ProtocolException;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.CurrentStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.EpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.MemberRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.MemberStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.OldMetadataRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.RegexRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.RegexStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetEpochRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetEpochStored;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetRemoved;
import io.milena.server.coordinator.group.record.ConsumerGroupRecord.TargetStored;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsumerRecordCodecTest {
    private static final UUID TOPIC = new UUID(1, 2);

    private final GroupRecordCodec codec = new GroupRecordCodec();

    /** Keys are two bytes of the kind and Kafka's key; the bytes of keys and values were taken from Kafka 4.3.1's own classes. */
    private void assertKept(GroupRecord record, String key, @Nullable String value) {
        ByteBuffer bytes = codec.value(record);
        assertThat(hex(codec.key(record))).isEqualTo(key);
        assertThat(bytes == null ? null : hex(bytes)).isEqualTo(value);
        assertThat(codec.decode(codec.key(record), codec.value(record))).isEqualTo(record);
    }

    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void shouldStoreGroups() {
        assertKept(new EpochStored("g", 5, 7), "0003000167", "000000000005010008" + "0000000000000007");
        assertKept(new EpochStored("g", 5, 0), "0003000167", "00000000000500");
        assertKept(new EpochRemoved("g"), "0003000167", null);
        assertKept(new OldMetadataRemoved("g"), "0004000167", null);
        assertKept(new TargetEpochStored("g", 5, 9), "0006000167", "000000000005010008" + "0000000000000009");
        assertKept(new TargetEpochRemoved("g"), "0006000167", null);
        assertKept(
                new RegexStored("g", "t.*", ConsumerMemberMetadata.sorted(List.of("t1")), 3, 4),
                "0010000167" + "0003742e2a",
                "0000" + "02037431" + "0000000000000003" + "0000000000000004" + "00");
        assertKept(new RegexRemoved("g", "t.*"), "0010000167" + "0003742e2a", null);
    }

    @Test
    void shouldStoreMembers() {
        ConsumerMemberMetadata metadata = new ConsumerMemberMetadata(
                "i",
                null,
                "app",
                "/h",
                ConsumerMemberMetadata.sorted(List.of("t")),
                null,
                1_000,
                "range",
                new ClassicSupport(6_000, List.of(new ClassicSupport.Protocol("p", OpaqueBytes.of(new byte[] {1, 2
                })))));
        assertKept(
                new MemberStored("g", "m", metadata),
                "0005000167" + "00016d",
                "0000" + "0269" + "00" + "04617070" + "032f68" + "020274" + "00" + "000003e8" + "0672616e6765"
                        + "01000d01" + "00001770" + "020270030102" + "0000");
        assertKept(new MemberRemoved("g", "m"), "0005000167" + "00016d", null);
    }

    @Test
    void shouldSayThatAMemberIsNotClassic() {
        ConsumerMemberMetadata metadata = new ConsumerMemberMetadata(
                null, null, "", "", ConsumerMemberMetadata.sorted(List.of()), "t.*", -1, null, null);
        MemberStored record = new MemberStored("g", "m", metadata);
        assertKept(
                record,
                "0005000167" + "00016d",
                "0000" + "0000" + "0101" + "01" + "04742e2a" + "ffffffff" + "00" + "01" + "00" + "01" + "00");
        assertThat(readByKafka(record).classicMemberMetadata()).isNull();
        ConsumerMemberMetadata classic = new ConsumerMemberMetadata(
                null,
                null,
                "",
                "",
                ConsumerMemberMetadata.sorted(List.of()),
                null,
                -1,
                null,
                new ClassicSupport(6_000, List.of()));
        assertThat(readByKafka(new MemberStored("g", "m", classic))
                        .classicMemberMetadata()
                        .sessionTimeoutMs())
                .isEqualTo(6_000);
    }

    private ConsumerGroupMemberMetadataValue readByKafka(MemberStored record) {
        ByteBuffer value = Objects.requireNonNull(codec.value(record));
        return new ConsumerGroupMemberMetadataValue(new ByteBufferAccessor(value), value.getShort());
    }

    @Test
    void shouldStoreAssignments() {
        TopicPartitions target = new TopicPartitions(Map.of(TOPIC, Set.of(0, 1)));
        assertKept(
                new TargetStored("g", "m", target),
                "0007000167" + "00016d",
                "0000" + "02" + "00000000000000010000000000000002" + "03" + "00000000" + "00000001" + "00" + "00");
        assertKept(new TargetRemoved("g", "m"), "0007000167" + "00016d", null);
        CurrentAssignment current = new CurrentAssignment(
                4,
                3,
                MemberState.UNREVOKED_PARTITIONS,
                new OwnedPartitions(Map.of(TOPIC, Map.of(0, 2))),
                OwnedPartitions.EMPTY);
        assertKept(
                new CurrentStored("g", "m", current),
                "0008000167" + "00016d",
                "0000" + "00000004" + "00000003" + "01" + "02" + "00000000000000010000000000000002" + "02" + "00000000"
                        + "01" + "00" + "05" + "02" + "00000002" + "01" + "00");
        assertKept(new CurrentRemoved("g", "m"), "0008000167" + "00016d", null);
    }

    @Test
    void shouldReadWhatOlderReleasesStored() {
        byte[] current = HexFormat.of()
                .parseHex("0000" + "00000004" + "00000003" + "09" + "02" + "00000000000000010000000000000002" + "02"
                        + "00000000" + "00" + "01" + "00");
        GroupRecord record = codec.decode(
                ByteBuffer.wrap(HexFormat.of().parseHex("0008000167" + "00016d")), ByteBuffer.wrap(current));
        assertThat(record)
                .isEqualTo(new CurrentStored(
                        "g",
                        "m",
                        new CurrentAssignment(
                                4,
                                3,
                                MemberState.UNKNOWN,
                                new OwnedPartitions(Map.of(TOPIC, Map.of(0, 4))),
                                OwnedPartitions.EMPTY)));
    }

    @Test
    void shouldRefuseEpochsThatDoNotFitThePartitions() {
        byte[] current = HexFormat.of()
                .parseHex("0000" + "00000004" + "00000003" + "00" + "02" + "00000000000000010000000000000002" + "02"
                        + "00000000" + "01" + "00" + "09" + "03" + "00000002" + "00000002" + "01" + "00");
        assertThatThrownBy(() -> codec.decode(
                        ByteBuffer.wrap(HexFormat.of().parseHex("0008000167" + "00016d")), ByteBuffer.wrap(current)))
                .isInstanceOf(ProtocolException.class);
    }
}
