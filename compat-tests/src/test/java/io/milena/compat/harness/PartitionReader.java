package io.milena.compat.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads one partition from its start to the end it has when the reading begins. */
public final class PartitionReader {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private PartitionReader() {}

    /** All records with keys and values as text; {@code settings} are added to the consumer's. */
    public static List<ConsumerRecord<String, String>> read(
            String bootstrap, TopicPartition partition, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                assertThat(System.nanoTime())
                        .as("%s read up to %d of %d", partition, consumer.position(partition), end)
                        .isLessThan(deadline);
            }
        }
        return records;
    }
}
