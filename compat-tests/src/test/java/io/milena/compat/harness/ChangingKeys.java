package io.milena.compat.harness;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A thread that gives the keys of a partition new values, or deletes them, at random until it is told to finish; if the producer
 * is a transactional one, in transactions of which it aborts some.
 */
public final class ChangingKeys extends Thread {

    private static final int KEYS = 200;
    private static final int DELETES_PERCENT = 20;
    private static final int RECORDS_BETWEEN_PAUSES = 20;
    private static final int ABORTS_PERCENT = 30;
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final KafkaProducer<String, String> producer;
    private final TopicPartition partition;
    private final SplittableRandom random;
    private final Grouping grouping;
    private final ConcurrentSkipListMap<Long, Change> acknowledged = new ConcurrentSkipListMap<>();
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean finished;
    private int number;

    /** How changes belong together. */
    public enum Grouping {
        /** Each is for itself. */
        NONE,
        /** Some are a transaction, each. */
        TRANSACTIONS
    }

    /** A key's new value, null if it was deleted. */
    public record Change(String key, @Nullable String value) {}

    /** A thread that is not started yet and closes the producer, which must keep the order of records, at its end. */
    public ChangingKeys(
            KafkaProducer<String, String> producer, TopicPartition partition, Grouping grouping, long seed) {
        super("changes of " + partition);
        this.producer = producer;
        this.partition = partition;
        this.grouping = grouping;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public void run() {
        try (producer) {
            if (grouping == Grouping.TRANSACTIONS) {
                producer.initTransactions();
            }
            while (!finished) {
                if (grouping == Grouping.TRANSACTIONS) {
                    transact();
                } else {
                    send(RECORDS_BETWEEN_PAUSES, acknowledged);
                }
                Waiting.pause(PAUSE);
            }
        } catch (KafkaException e) {
            failures.add(e);
        }
    }

    private void transact() {
        Map<Long, Change> changes = new ConcurrentHashMap<>();
        producer.beginTransaction();
        send(1 + random.nextInt(RECORDS_BETWEEN_PAUSES), changes);
        if (random.nextInt(100) < ABORTS_PERCENT) {
            producer.flush(); // else the client drops what it has not sent yet
            producer.abortTransaction();
        } else {
            producer.commitTransaction();
            acknowledged.putAll(changes);
        }
    }

    /** Ends it and waits until all it sent is answered; fails when a record failed. */
    public void finish() throws InterruptedException {
        finished = true;
        join();
        if (!failures.isEmpty()) {
            throw new AssertionError("records failed: " + failures);
        }
    }

    /** How many records were acknowledged so far. */
    public int count() {
        return acknowledged.size();
    }

    /** What was acknowledged so far, by offset. */
    public SortedMap<Long, Change> acknowledged() {
        return new TreeMap<>(acknowledged);
    }

    /** The offset of the newest acknowledged change of each key. */
    public static Map<String, Long> newest(SortedMap<Long, Change> changes) {
        Map<String, Long> newest = new TreeMap<>();
        changes.forEach((offset, change) -> newest.put(change.key(), offset));
        return newest;
    }

    private void send(int count, Map<Long, Change> sent) {
        for (int i = 0; i < count; i++) {
            String key = "key-" + random.nextInt(KEYS);
            String value = random.nextInt(100) < DELETES_PERCENT ? null : "value-" + number;
            number++;
            send(new Change(key, value), sent);
        }
    }

    private void send(Change change, Map<Long, Change> sent) {
        producer.send(
                new ProducerRecord<>(partition.topic(), partition.partition(), change.key(), change.value()),
                (metadata, failure) -> {
                    if (failure == null) {
                        sent.put(metadata.offset(), change);
                    } else {
                        failures.add(failure);
                    }
                });
    }
}
