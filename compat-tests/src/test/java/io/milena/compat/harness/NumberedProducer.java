package io.milena.compat.harness;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** A thread that sends numbered records to all partitions of a topic in turn until it is told to finish. */
public final class NumberedProducer extends Thread {

    private final KafkaProducer<String, String> producer;
    private final String topic;
    private final int partitions;
    private final Map<TopicPartition, Map<Long, String>> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean finished;

    /** A thread that is not started yet and closes the producer at its end. */
    public NumberedProducer(KafkaProducer<String, String> producer, String topic, int partitions) {
        super("producer of " + topic);
        this.producer = producer;
        this.topic = topic;
        this.partitions = partitions;
    }

    @Override
    public void run() {
        try (producer) {
            for (int number = 0; !finished; number++) {
                send(number % partitions, Integer.toString(number));
                if (number % 10 == 0) {
                    Waiting.pause(Duration.ofMillis(10));
                }
            }
        }
    }

    /** Ends it, waits until all it sent is answered, and returns what was acknowledged, by offset; fails when a record failed. */
    public Map<TopicPartition, Map<Long, String>> finish() throws InterruptedException {
        finished = true;
        join();
        if (!failures.isEmpty()) {
            throw new AssertionError("records failed: " + failures);
        }
        return acknowledged;
    }

    /** How many records were acknowledged so far. */
    public int count() {
        return acknowledged.values().stream().mapToInt(Map::size).sum();
    }

    private void send(int partition, String value) {
        TopicPartition key = new TopicPartition(topic, partition);
        producer.send(new ProducerRecord<>(topic, partition, null, value), (metadata, failure) -> {
            if (failure == null) {
                acknowledged
                        .computeIfAbsent(key, none -> new ConcurrentHashMap<>())
                        .put(metadata.offset(), value);
            } else {
                failures.add(failure);
            }
        });
    }
}
