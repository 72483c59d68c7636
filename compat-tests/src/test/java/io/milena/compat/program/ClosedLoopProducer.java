package io.milena.compat.program;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A producer that sends its next record when one is acknowledged, so that one record is always under way. Everything after
 * {@link #start} happens on the client's own thread, which therefore needs no other one to wake up.
 */
final class ClosedLoopProducer implements Callback, AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final KafkaProducer<byte[], byte[]> producer;
    private final ProducerRecord<byte[], byte[]> record;
    private long[] latenciesNanos = new long[1024];
    private int count;
    private long sentNanos;
    private volatile boolean measuring;
    private volatile boolean ended;
    private volatile @Nullable Exception failure;

    /** A producer that is connected and knows the partition it writes to. */
    ClosedLoopProducer(Map<String, String> settings, TopicPartition partition, int recordBytes) {
        Properties properties = new Properties();
        properties.putAll(settings);
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        record = new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[recordBytes]);
        producer.partitionsFor(partition.topic());
    }

    /** Sends the first record. */
    void start() {
        send();
    }

    /** Counts what is acknowledged from now on. */
    void measure() {
        measuring = true;
    }

    /** Counts no more and sends no more. */
    void end() {
        measuring = false;
        ended = true;
    }

    /** What was counted, in nanoseconds from the send to the acknowledgement; after the close, and only if no record failed. */
    long[] latenciesNanos() {
        Exception cause = failure;
        if (cause != null) {
            throw new IllegalStateException("a record failed", cause);
        }
        return Arrays.copyOf(latenciesNanos, count);
    }

    @Override
    public void onCompletion(RecordMetadata metadata, @Nullable Exception exception) {
        if (exception != null) {
            failure = exception;
            return;
        }
        if (measuring) {
            if (count == latenciesNanos.length) {
                latenciesNanos = Arrays.copyOf(latenciesNanos, 2 * count);
            }
            latenciesNanos[count++] = System.nanoTime() - sentNanos;
        }
        if (!ended) {
            send();
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }

    private void send() {
        sentNanos = System.nanoTime();
        producer.send(record, this);
    }
}
