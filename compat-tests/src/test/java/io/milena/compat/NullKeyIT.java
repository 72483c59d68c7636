package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.RawProduce;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records without a key, sent to compacted topics: both brokers refuse the same ones, with the same errors. */
class NullKeyIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of());

    private static final String TOPIC = "compacted";

    @BeforeAll
    static void create() {
        BOTH.each(broker -> {
            broker.topic(TOPIC, 1, Map.of("cleanup.policy", "compact"));
            return broker.topic("both", 1, Map.of("cleanup.policy", "compact,delete"));
        });
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldNameEachRecordWithoutAKey(CompressionType codec) {
        Compression compression = Compression.of(codec).build();
        for (String topic : List.of(TOPIC, "both")) {
            for (List<String> keys : List.of(List.of("a", "", "c", ""), List.of(""), List.of("", "", "c"))) {
                List<List<String>> answers = BOTH.each(broker -> send(broker, topic, records(compression, keys)));
                assertThat(answers.get(0)).as("%s in %s", keys, topic).isEqualTo(answers.get(1));
                assertThat(answers.get(0).get(0)).isEqualTo(Errors.INVALID_RECORD.name());
            }
        }
    }

    @Test
    void shouldTakeTombstonesAndEmptyKeys() {
        MemoryRecords records = MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(1, "a".getBytes(), null), new SimpleRecord(2, new byte[0], null));
        List<List<String>> answers = BOTH.each(broker -> send(broker, TOPIC, records));
        assertThat(answers.get(0)).isEqualTo(answers.get(1));
        assertThat(answers.get(0).get(0)).isEqualTo(Errors.NONE.name());
    }

    @Test
    void shouldTellTheStockProducerWhichRecordIsToBlame() {
        for (String codec : List.of("none", "gzip")) {
            List<List<String>> both = BOTH.each(broker -> produce(broker, codec));
            assertThat(both.get(0)).isEqualTo(both.get(1));
        }
    }

    /** Sends one batch with a record without a key in the middle, and tells how each record ended. */
    private static List<String> produce(BrokerProcess broker, String codec) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrap(), "linger.ms", 500, "acks", "all", "compression.type", codec);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.partitionsFor(TOPIC);
            for (int i = 0; i < 5; i++) {
                sent.add(producer.send(new ProducerRecord<>(TOPIC, 0, i == 2 ? null : "key", "value")));
            }
        }
        List<String> ends = new ArrayList<>();
        for (Future<RecordMetadata> record : sent) {
            try {
                record.get();
                ends.add("sent");
            } catch (ExecutionException e) {
                ends.add(e.getCause().getClass().getSimpleName());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return ends;
    }

    /** One batch; an empty text stands for a key that is null. */
    private static MemoryRecords records(Compression compression, List<String> keys) {
        SimpleRecord[] records = keys.stream()
                .map(key -> new SimpleRecord(1000, key.isEmpty() ? null : key.getBytes(), "value".getBytes()))
                .toArray(SimpleRecord[]::new);
        return MemoryRecords.withRecords(compression, records);
    }

    /** The answer: the error, what else is a number in it, and the numbers of the records to blame. */
    private static List<String> send(BrokerProcess broker, String topic, MemoryRecords records) {
        ProduceResponseData.PartitionProduceResponse answer =
                RawProduce.send(broker, new TopicPartition(topic, 0), records);
        List<String> described = new ArrayList<>();
        described.add(Errors.forCode(answer.errorCode()).name());
        described.add("append time " + answer.logAppendTimeMs() + ", start " + answer.logStartOffset());
        described.add("first offset known " + (answer.baseOffset() >= 0) + ", said " + (answer.errorMessage() != null));
        answer.recordErrors().forEach(error -> described.add("record " + error.batchIndex()));
        return described;
    }
}
