package io.milena.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.KafkaMessages.Pair;
import io.milena.protocol.RandomStructs.UnknownTags;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message in every version, with random content: our bytes are Kafka's bytes, in both directions. */
class MessageCompatibilityTest {
    private static final int SEEDS = 20;

    static List<Pair> messages() {
        return KafkaMessages.all();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldExchangeEveryVersionWithKafka(Pair pair) {
        for (int version : pair.versions()) {
            for (long seed = 0; seed < SEEDS; seed++) {
                exchange(pair, version, seed);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldSkipUnknownTaggedFields(Pair pair) {
        for (int version : pair.versions()) {
            Schema schema = pair.schemas()[version];
            Struct plain = new RandomStructs(version, UnknownTags.NONE).struct(schema);
            Struct extended = new RandomStructs(version, UnknownTags.ONE).struct(schema);
            assertThat(pair.readOurs(bytes(extended), version))
                    .as("%s version %s", pair, version)
                    .isEqualTo(pair.readOurs(bytes(plain), version));
        }
    }

    private static void exchange(Pair pair, int version, long seed) {
        String place = pair + " version " + version + " seed " + seed;
        Struct content = new RandomStructs(seed, UnknownTags.NONE).struct(pair.schemas()[version]);
        var kafka = pair.readKafka(bytes(content), version);
        ByteBuffer kafkaBytes = KafkaMessages.writeKafka(kafka, version);
        Message ours = OurMessages.build(pair.ours(), content);
        ByteBuffer ourBytes = OurMessages.write(ours, version);

        assertThat(ourBytes).as(place).isEqualTo(kafkaBytes);
        Message decoded = pair.readOurs(kafkaBytes, version);
        assertThat(decoded).as(place).isEqualTo(ours).hasSameHashCodeAs(ours).hasToString(ours.toString());
        assertThat(OurMessages.write(decoded, version)).as(place).isEqualTo(kafkaBytes);
        assertThat(pair.readKafka(ourBytes, version)).as(place).isEqualTo(kafka);
    }

    private static ByteBuffer bytes(Struct struct) {
        ByteBuffer buffer = ByteBuffer.allocate(struct.sizeOf());
        struct.writeTo(buffer);
        return buffer.flip();
    }
}
