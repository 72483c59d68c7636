package io.milena.server.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.protocol.wire.ProtocolException;
import io.milena.server.coordinator.ProducerIdentity;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TransactionRecordCodecTest {
    private final TransactionRecordCodec codec = new TransactionRecordCodec();

    private static TransactionMetadata transaction(TransactionState state, TopicPartition... partitions) {
        return new TransactionMetadata(
                "tx",
                new ProducerIdentity(5, (short) 6),
                4,
                9,
                (short) -1,
                60_000,
                state,
                new TreeSet<>(List.of(partitions)),
                1_000,
                2_000,
                2);
    }

    private TransactionRecord again(TransactionRecord record) {
        ByteBuffer value = codec.value(record);
        return codec.decode(codec.key(record), value);
    }

    @Test
    void shouldReadWhatItWrites() {
        for (TransactionState state : TransactionState.values()) {
            TopicPartition[] partitions = state == TransactionState.EMPTY
                    ? new TopicPartition[0]
                    : new TopicPartition[] {
                        new TopicPartition("a", 1), new TopicPartition("a", 0), new TopicPartition("b", 7)
                    };
            TransactionRecord record = new TransactionRecord.Stored(transaction(state, partitions));
            assertThat(again(record)).isEqualTo(record);
        }
        TransactionRecord removed = new TransactionRecord.Removed("tx");
        assertThat(again(removed)).isEqualTo(removed);
    }

    @Test
    void shouldPassOverOtherKinds() {
        ByteBuffer key = codec.key(new TransactionRecord.Removed("tx"));
        key.putShort(0, (short) 1);
        assertThat(codec.decode(key, null)).isNull();
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        TransactionRecord record = new TransactionRecord.Stored(transaction(TransactionState.ONGOING));
        ByteBuffer value = codec.value(record);
        assertThat(value).isNotNull();
        value.putShort(0, (short) 2);
        assertThatThrownBy(() -> codec.decode(codec.key(record), value)).isInstanceOf(ProtocolException.class);
    }
}
