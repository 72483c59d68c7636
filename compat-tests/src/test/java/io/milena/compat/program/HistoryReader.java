package io.milena.compat.program;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A consumer of committed records that reads topics from their start and writes down its history until it reads a byte or cannot
 * go on. Arguments: the address of the broker, the name of the process, a seed (unused), the partitions of each topic, the topics.
 */
public final class HistoryReader {

    private static final Duration POLL = Duration.ofMillis(100);

    private final HistoryLines history = new HistoryLines();
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    private HistoryReader() {}

    /** Reads until a byte arrives on standard input. */
    public static void main(String[] arguments) throws IOException {
        Properties settings = HistoryLines.settings(arguments[0]);
        settings.setProperty("isolation.level", "read_committed");
        settings.setProperty("auto.offset.reset", "none");
        settings.setProperty("enable.auto.commit", "false");
        List<TopicPartition> partitions = new ArrayList<>();
        for (int topic = 4; topic < arguments.length; topic++) {
            for (int partition = 0; partition < Integer.parseInt(arguments[3]); partition++) {
                partitions.add(new TopicPartition(arguments[topic], partition));
            }
        }
        HistoryReader program = new HistoryReader();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            program.assign(consumer, partitions);
            while (HistoryLines.untold()) {
                program.poll(consumer, partitions);
            }
            program.history.write("left", "told");
        } catch (RuntimeException e) {
            program.history.write("left", e.getClass().getSimpleName());
            throw e;
        }
    }

    private void assign(KafkaConsumer<String, String> consumer, List<TopicPartition> partitions) {
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            consumer.seek(partition, 0);
            positions.put(partition, 0L);
            history.write("position", partition.topic(), partition.partition(), 0);
        }
    }

    private void poll(KafkaConsumer<String, String> consumer, List<TopicPartition> partitions) {
        for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
            history.write("read", record.topic(), record.partition(), record.offset(), record.value());
        }
        for (TopicPartition partition : partitions) {
            long position = consumer.position(partition);
            if (positions.put(partition, position) != position) {
                history.write("reached", partition.topic(), partition.partition(), position);
            }
        }
    }
}
