package io.milena.compat.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Thousands of partitions in topics named {@code scale-0}, {@code scale-1} and so on, with how many records each of them must have. */
public final class ManyPartitions {

    private static final int PARTITIONS_PER_TOPIC = 100;
    private static final int TOPICS_PER_REQUEST = 50;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final BrokerProcess broker;
    private final Map<TopicPartition, Long> written = new HashMap<>();

    public ManyPartitions(BrokerProcess broker) {
        this.broker = broker;
    }

    /** Creates that many, a multiple of a hundred. */
    public void create(int partitions) throws ExecutionException, InterruptedException {
        List<NewTopic> topics = new ArrayList<>();
        for (int topic = 0; topic * PARTITIONS_PER_TOPIC < partitions; topic++) {
            topics.add(new NewTopic("scale-" + topic, PARTITIONS_PER_TOPIC, (short) 1));
            for (int partition = 0; partition < PARTITIONS_PER_TOPIC; partition++) {
                written.put(new TopicPartition("scale-" + topic, partition), 0L);
            }
        }
        try (Admin admin = admin()) {
            for (int from = 0; from < topics.size(); from += TOPICS_PER_REQUEST) {
                admin.createTopics(topics.subList(from, Math.min(topics.size(), from + TOPICS_PER_REQUEST)))
                        .all()
                        .get();
            }
        }
    }

    /** Writes a record to every n-th partition of each topic. */
    public void write(int every) throws ExecutionException, InterruptedException {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrap(),
                "linger.ms",
                20,
                "batch.size",
                256,
                "delivery.timeout.ms",
                (int) TIMEOUT.toMillis(),
                "max.block.ms",
                (int) TIMEOUT.toMillis());
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (TopicPartition partition : written.keySet()) {
                if (partition.partition() % every == 0) {
                    sent.add(producer.send(new ProducerRecord<>(
                            partition.topic(), partition.partition(), "key", partition.toString())));
                }
            }
            for (Future<RecordMetadata> acknowledged : sent) {
                RecordMetadata metadata = acknowledged.get();
                written.merge(new TopicPartition(metadata.topic(), metadata.partition()), 1L, Long::sum);
            }
        }
    }

    /** How many records were acknowledged for each. */
    public Map<TopicPartition, Long> written() {
        return Map.copyOf(written);
    }

    /** Where the broker says that each ends. */
    public Map<TopicPartition, Long> ends() throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetSpec> latest = written.keySet().stream()
                    .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
            return admin.listOffsets(latest).all().get().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().offset()));
        }
    }

    /** How many records one consumer reads from each, from the beginning. */
    public Map<TopicPartition, Long> read() {
        Map<TopicPartition, Long> read = new HashMap<>();
        written.keySet().forEach(partition -> read.put(partition, 0L));
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(written.keySet());
            consumer.seekToBeginning(written.keySet());
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (!read.equals(written) && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                    read.merge(new TopicPartition(record.topic(), record.partition()), 1L, Long::sum);
                }
            }
        }
        return read;
    }

    private Admin admin() {
        return Admin.create(
                Map.of("bootstrap.servers", broker.bootstrap(), "default.api.timeout.ms", (int) TIMEOUT.toMillis()));
    }
}
