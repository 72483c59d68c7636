package io.milena.compat.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads topics to their end. */
public final class Readers {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private Readers() {}

    /** The values in a topic, partition by partition, as consumers of committed records see them. */
    public static List<List<String>> committed(RunningBroker broker, String topic, int partitions) {
        return read(broker, topic, partitions, "read_committed");
    }

    /** The values in a topic, partition by partition, also those of transactions that were aborted or are open. */
    public static List<List<String>> uncommitted(RunningBroker broker, String topic, int partitions) {
        return read(broker, topic, partitions, "read_uncommitted");
    }

    private static List<List<String>> read(RunningBroker broker, String topic, int count, String isolation) {
        List<TopicPartition> partitions = IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        List<List<String>> values = new ArrayList<>();
        partitions.forEach(partition -> values.add(new ArrayList<>()));
        try (KafkaConsumer<String, String> consumer = broker.consumer(Map.of("isolation.level", isolation))) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Waiting.until(
                    "the end of " + topic,
                    TIMEOUT,
                    () -> {
                        for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                            values.get(record.partition()).add(record.value());
                        }
                        return partitions.stream().allMatch(each -> consumer.position(each) >= ends.get(each));
                    },
                    () -> ends);
        }
        return values;
    }
}
