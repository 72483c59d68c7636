package io.milena.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.protocol.Message;
import io.milena.server.cluster.record.BrokerConfigsChanged;
import io.milena.server.cluster.record.BrokerRestarted;
import io.milena.server.cluster.record.ClientQuotasChanged;
import io.milena.server.cluster.record.FeatureLevelChanged;
import io.milena.server.cluster.record.OwnerConfigsChanged;
import io.milena.server.cluster.record.ProducerIdsReserved;
import io.milena.server.cluster.record.SnapshotBegun;
import io.milena.server.cluster.record.SnapshotEnded;
import io.milena.server.cluster.record.TopicCreated;
import io.milena.server.cluster.record.TopicDeleted;
import io.milena.server.cluster.record.UserCredentialChanged;
import io.milena.server.cluster.record.UserCredentialRemoved;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The bytes below are what released versions wrote: they must be readable, and written, for ever. */
class MetadataRecordsTest {
    private static final UUID ID = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);

    private static final Map<String, Message> STORED = stored(
            "00010000" + "0261" + "0102030405060708090a0b0c0d0e0f10" + "02" + "00000001" + "00000004" + "02"
                    + "00000001" + "02" + "00000001" + "00" + "02" + "026b" + "0276" + "00" + "00",
            new TopicCreated()
                    .name("a")
                    .topicId(ID)
                    .partitions(List.of(new TopicCreated.Partition()
                            .leader(1)
                            .leaderEpoch(4)
                            .replicas(List.of(1))
                            .isr(List.of(1))))
                    .configs(List.of(new TopicCreated.Config().name("k").value("v"))),
            "00020000" + "0102030405060708090a0b0c0d0e0f10" + "00",
            new TopicDeleted().topicId(ID),
            "00030000" + "00000007" + "00",
            new BrokerRestarted().brokerId(7),
            "00040000" + "00000000000003e8" + "00",
            new ProducerIdsReserved().nextProducerId(1000),
            "00050000" + "00",
            new SnapshotBegun(),
            "00060000" + "00",
            new SnapshotEnded(),
            "00070000" + "0231" + "02" + "026b" + "0276" + "00" + "00",
            new BrokerConfigsChanged()
                    .broker("1")
                    .configs(List.of(new BrokerConfigsChanged.Config().name("k").value("v"))),
            "00080000" + "20" + "0267" + "02" + "026b" + "0276" + "00" + "00",
            new OwnerConfigsChanged()
                    .kind((byte) 32)
                    .owner("g")
                    .configs(List.of(new OwnerConfigsChanged.Config().name("k").value("v"))),
            "00090000" + "0267" + "0001" + "0000000000000007" + "00",
            new FeatureLevelChanged().feature("g").level((short) 1).epoch(7),
            "000a0000" + "02" + "0275" + "00" + "00" + "02" + "0271" + "3ff0000000000000" + "00" + "00",
            new ClientQuotasChanged()
                    .entity(List.of(new ClientQuotasChanged.Part().type("u").name(null)))
                    .quotas(List.of(new ClientQuotasChanged.Quota().name("q").value(1))),
            "000b0000" + "0275" + "02" + "00001000" + "0201" + "0202" + "0203" + "00",
            new UserCredentialChanged()
                    .user("u")
                    .mechanism((byte) 2)
                    .iterations(4096)
                    .salt(new byte[] {1})
                    .storedKey(new byte[] {2})
                    .serverKey(new byte[] {3}),
            "000c0000" + "0275" + "01" + "00",
            new UserCredentialRemoved().user("u").mechanism((byte) 1));

    /** A text of bytes and a message by turns. */
    private static Map<String, Message> stored(Object... pairs) {
        Map<String, Message> stored = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            stored.put((String) pairs[i], (Message) pairs[i + 1]);
        }
        return stored;
    }

    @Test
    void shouldWriteAndReadTheSameBytesForEver() {
        STORED.forEach((hex, message) -> {
            ByteBuffer encoded = MetadataRecords.encode(message);
            byte[] bytes = new byte[encoded.remaining()];
            encoded.duplicate().get(bytes);
            assertThat(HexFormat.of().formatHex(bytes)).as(message.toString()).isEqualTo(hex);
            assertThat(MetadataRecords.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
                    .isEqualTo(message);
        });
        assertThat(STORED).hasSize(MetadataRecordType.values().length);
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertRefused("7fff0000");
        assertRefused("00010009");
        assertRefused("0003000000");
        assertRefused("00");
    }

    private static void assertRefused(String hex) {
        assertThatThrownBy(() ->
                        MetadataRecords.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
                .isInstanceOf(MetadataException.class);
    }
}
