package io.milena.compat.harness;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** A thread that counts the committed records that come into topics until it is closed. */
public final class ResultReader extends Thread implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RunningBroker broker;
    private final List<TopicPartition> partitions;
    private volatile long count;
    private volatile boolean closed;

    /** A thread that is not started yet. */
    public ResultReader(RunningBroker broker, List<String> topics, int partitions) {
        super("reader of " + topics);
        this.broker = broker;
        this.partitions = partitions(topics, partitions);
    }

    @Override
    public void run() {
        try (KafkaConsumer<String, String> consumer = consumer(broker, partitions)) {
            while (!closed) {
                count += consumer.poll(POLL).count();
            }
        }
    }

    /** How many records there were so far. */
    public long count() {
        return count;
    }

    @Override
    public void close() {
        closed = true;
        try {
            join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Gives every committed record of topics to somebody, from the first to the last there is now. */
    public static void readAll(
            RunningBroker broker, List<String> topics, int count, Consumer<ConsumerRecord<String, String>> taker) {
        List<TopicPartition> partitions = partitions(topics, count);
        try (KafkaConsumer<String, String> consumer = consumer(broker, partitions)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long lastNanos = System.nanoTime();
            while (!partitions.stream().allMatch(each -> consumer.position(each) >= ends.get(each))) {
                ConsumerRecords<String, String> records = consumer.poll(POLL);
                records.forEach(taker);
                lastNanos = records.isEmpty() ? lastNanos : System.nanoTime();
                if (System.nanoTime() - lastNanos > PATIENCE.toNanos()) {
                    throw new AssertionError("no more records of " + topics + " before " + ends);
                }
            }
        }
    }

    private static KafkaConsumer<String, String> consumer(RunningBroker broker, List<TopicPartition> partitions) {
        KafkaConsumer<String, String> consumer =
                broker.consumer(Map.of("isolation.level", "read_committed", "max.poll.records", 5_000));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static List<TopicPartition> partitions(List<String> topics, int count) {
        return topics.stream()
                .flatMap(topic -> IntStream.range(0, count).mapToObj(each -> new TopicPartition(topic, each)))
                .toList();
    }
}
