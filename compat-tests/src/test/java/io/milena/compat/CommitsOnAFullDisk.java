package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.SmallDisk;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A consumer and a transactional producer that commit offsets, and nothing else: what is refused when a disk is full is what the
 * coordinators of groups and of transactions write. Both are the same clients from before the disk was full until it has room again.
 */
final class CommitsOnAFullDisk implements AutoCloseable {

    static final String GROUP = "group";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int MAX_BLOCK_MS = 3_000;

    /** Nearly a block of a disk and as much as is allowed, so that what room is left is soon taken. */
    private static final String METADATA = "m".repeat(4_000);

    private final SmallDisk disk;
    private final TopicPartition polled;
    private final TopicPartition sent;
    private final KafkaConsumer<String, String> consumer;
    private final KafkaProducer<String, String> producer;
    private long offset;

    CommitsOnAFullDisk(SmallDisk disk, String bootstrap, String topic) {
        this.disk = disk;
        this.polled = new TopicPartition(topic, 0);
        this.sent = new TopicPartition(topic, 1);
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "group.id", GROUP, "enable.auto.commit", false),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.assign(List.of(polled));
        consumer.pause(List.of(polled));
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "transactional.id",
                        GROUP,
                        "transaction.timeout.ms",
                        600_000,
                        "max.block.ms",
                        MAX_BLOCK_MS),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Commits something with both, as long as there is room. */
    void start() {
        untilDone("a transactional id", producer::initTransactions);
        producer.beginTransaction();
        commitWithRoom();
    }

    /** Waits until a commit of each is refused with an error that clients try again after, and leaves a transaction open. */
    void assertRefused() {
        Waiting.until("a commit to be refused", TIMEOUT, this::isCommitRefused, () -> offset);
        Waiting.until("a transaction to be refused", TIMEOUT, this::isTransactionRefused, () -> offset);
    }

    /** The last block of a log may have some room left, and other logs may give some back. */
    private boolean isCommitRefused() {
        disk.fill();
        AtomicReference<Object> answer = new AtomicReference<>();
        consumer.commitAsync(
                offsets(polled), (offsets, failure) -> answer.set(failure == null ? "committed" : failure));
        Waiting.until(
                "an answer to a commit",
                TIMEOUT,
                () -> {
                    consumer.poll(POLL);
                    return answer.get() != null;
                },
                () -> offset);
        if ("committed".equals(answer.get())) {
            return false;
        }
        assertThat(answer.get()).isInstanceOf(RetriableCommitFailedException.class);
        return true;
    }

    private boolean isTransactionRefused() {
        disk.fill();
        producer.beginTransaction();
        try {
            sendOffsets();
            producer.commitTransaction();
            return false;
        } catch (TimeoutException tryAgain) {
            return true;
        }
    }

    /** Ends the transaction that is open, and commits something more with the consumer. */
    void commitWithRoom() {
        untilDone("the transaction to end", producer::commitTransaction);
        producer.beginTransaction();
        try {
            sendOffsets();
        } catch (TimeoutException underWay) {
            // The end of the transaction waits for them.
        }
        untilDone("another transaction to end", producer::commitTransaction);
        consumer.commitSync(offsets(polled), TIMEOUT);
    }

    private void sendOffsets() {
        producer.sendOffsetsToTransaction(offsets(sent), consumer.groupMetadata());
    }

    /** The offset that was committed last by the consumer; the producer's is the one before. */
    long offset() {
        return offset;
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(TopicPartition partition) {
        return Map.of(partition, new OffsetAndMetadata(++offset, METADATA));
    }

    private static void untilDone(String what, Runnable action) {
        Waiting.until(
                what,
                TIMEOUT,
                () -> {
                    try {
                        action.run();
                        return true;
                    } catch (TimeoutException tryAgain) {
                        return false;
                    }
                },
                () -> "still refused");
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
