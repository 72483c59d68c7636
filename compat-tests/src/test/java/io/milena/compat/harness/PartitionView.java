package io.milena.compat.harness;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What clients can learn about a partition that holds still, as text.
 *
 * @param all records, as a reader of everything gets them
 * @param committed records, as a reader of committed transactions gets them
 * @param offsets where it begins and ends for either reader
 * @param byTime the records found for some of the timestamps
 * @param producers what is known of the producers
 */
public record PartitionView(
        List<String> all, List<String> committed, List<Long> offsets, List<String> byTime, List<String> producers) {

    private static final int EVERY_SO_MANY = 25;

    /** The view that a broker gives. */
    public static PartitionView of(BrokerProcess broker, TopicPartition partition) {
        String bootstrap = broker.bootstrap();
        Map<String, Object> committedOnly = Map.of("isolation.level", "read_committed");
        List<ConsumerRecord<String, String>> all = PartitionReader.read(bootstrap, partition, Map.of());
        List<ConsumerRecord<String, String>> committed = PartitionReader.read(bootstrap, partition, committedOnly);
        List<Long> offsets = new ArrayList<>();
        List<String> byTime = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(Map.of("bootstrap.servers", bootstrap))) {
            offsets.addAll(consumer.beginningOffsets(List.of(partition)).values());
            offsets.addAll(consumer.endOffsets(List.of(partition)).values());
            for (int i = 0; i < all.size(); i += EVERY_SO_MANY) {
                byTime.add(String.valueOf(
                        consumer.offsetsForTimes(Map.of(partition, all.get(i).timestamp()))));
            }
        }
        try (KafkaConsumer<String, String> consumer =
                consumer(Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"))) {
            offsets.addAll(consumer.endOffsets(List.of(partition)).values());
        }
        return new PartitionView(describe(all), describe(committed), offsets, byTime, producers(bootstrap, partition));
    }

    private static KafkaConsumer<String, String> consumer(Map<String, Object> settings) {
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static List<String> describe(List<ConsumerRecord<String, String>> records) {
        List<String> described = new ArrayList<>();
        for (ConsumerRecord<String, String> record : records) {
            Map<String, String> headers = new LinkedHashMap<>();
            for (Header header : record.headers()) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
            described.add(record.offset() + " at " + record.timestamp() + ": " + record.key() + "=" + record.value()
                    + " " + headers);
        }
        return described;
    }

    private static List<String> producers(String bootstrap, TopicPartition partition) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return admin
                    .describeProducers(List.of(partition))
                    .partitionResult(partition)
                    .get()
                    .activeProducers()
                    .stream()
                    .map(PartitionView::describe)
                    .sorted()
                    .toList();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("the producers of " + partition + " cannot be described", e);
        }
    }

    private static String describe(ProducerState producer) {
        return "producer " + producer.producerId() + " epoch " + producer.producerEpoch() + " sequence "
                + producer.lastSequence() + " at " + producer.lastTimestamp() + " in transaction from "
                + producer.currentTransactionStartOffset();
    }
}
