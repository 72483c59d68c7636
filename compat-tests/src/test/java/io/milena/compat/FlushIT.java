package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.NumberedProducer;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Topics that ask for the disk. What is durable shows in the file where the broker notes its recovery points. That a record is on the disk
 * before its acknowledgement leaves cannot be seen from outside; that is the business of the tests beside the code.
 */
class FlushIT {

    /** Time-driven flushes only where a topic asks for them: their interval would otherwise be the default of flush.ms. */
    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with(
            "log.flush.offset.checkpoint.interval.ms", "200",
            "log.flush.scheduler.interval.ms", "100",
            "log.flush.interval.ms", Long.toString(Long.MAX_VALUE));

    private static final int KILLS = 2;
    private static final int PARTITIONS = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Map<String, String> EACH_RECORD = Map.of("flush.messages", "1");

    @Test
    @Timeout(300)
    void shouldKeepWhatWasAcknowledgedThroughKills() throws Exception {
        BROKER.process().topic("all", PARTITIONS, EACH_RECORD);
        BROKER.process().topic("leader", PARTITIONS, EACH_RECORD);
        NumberedProducer all = producer("all", "all");
        NumberedProducer leader = producer("leader", "1");
        all.start();
        leader.start();
        for (int kill = 0; kill < KILLS; kill++) {
            awaitRecords(all);
            awaitRecords(leader);
            BROKER.process().kill();
            BROKER.process().start();
        }
        awaitRecords(all);
        awaitRecords(leader);
        checkKept("all", all.finish());
        checkKept("leader", leader.finish());
    }

    @Test
    void shouldNoteWhatIsDurableAfterEachRecordOrAfterATime() throws Exception {
        BROKER.process().topic("each-record", 1, EACH_RECORD);
        BROKER.process().topic("each-second", 1, Map.of("flush.ms", "1000"));
        BROKER.process().topic("each-third", 1, Map.of("flush.messages", "3"));
        BROKER.topic("never", 1);
        for (String topic : List.of("each-record", "each-second", "each-third", "never")) {
            send(topic, 5);
        }
        awaitDurable("each-record", 5);
        awaitDurable("each-third", 3);
        awaitDurable("each-second", 5);
        assertThat(durable("never")).isZero();
    }

    @Test
    void shouldFollowTheSettingAtOnce() throws Exception {
        BROKER.topic("changed", 1);
        send("changed", 3);
        alter("changed", "1");
        send("changed", 1);
        awaitDurable("changed", 4);
        alter("changed", "1000");
        send("changed", 2);
        assertThat(durable("changed")).isEqualTo(4);
    }

    @Test
    void shouldFollowTheDefaultOfTheBrokers() throws Exception {
        BROKER.topic("by-default", 1);
        ConfigResource brokers = new ConfigResource(ConfigResource.Type.BROKER, "");
        send("by-default", 2);
        alter(brokers, new ConfigEntry("log.flush.interval.messages", "1"), AlterConfigOp.OpType.SET);
        try {
            send("by-default", 1);
            awaitDurable("by-default", 3);
        } finally {
            alter(brokers, new ConfigEntry("log.flush.interval.messages", ""), AlterConfigOp.OpType.DELETE);
        }
        send("by-default", 1);
        assertThat(durable("by-default")).isEqualTo(3);
    }

    private static NumberedProducer producer(String topic, String acks) {
        Map<String, Object> settings = Map.of(
                "acks", acks,
                "enable.idempotence", acks.equals("all"),
                "linger.ms", 0,
                "request.timeout.ms", 5000,
                "delivery.timeout.ms", 120_000,
                "reconnect.backoff.max.ms", 200,
                "max.block.ms", 120_000);
        return new NumberedProducer(BROKER.producer(settings), topic, PARTITIONS);
    }

    private static void awaitRecords(NumberedProducer producer) {
        int enough = producer.count() + 200;
        Waiting.until(
                enough + " records of " + producer.getName(),
                TIMEOUT,
                () -> producer.count() >= enough,
                producer::count);
    }

    private static void send(String topic, int count) throws Exception {
        try (KafkaProducer<String, String> producer = BROKER.producer(Map.of())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, 0, null, "value " + i))
                        .get();
            }
        }
    }

    private static void alter(String topic, String flushMessages) throws Exception {
        alter(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                new ConfigEntry("flush.messages", flushMessages),
                AlterConfigOp.OpType.SET);
    }

    private static void alter(ConfigResource resource, ConfigEntry entry, AlterConfigOp.OpType how) throws Exception {
        try (Admin admin = BROKER.admin()) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, how))))
                    .all()
                    .get();
        }
    }

    private static void awaitDurable(String topic, long offset) {
        Waiting.until("durable to " + offset, TIMEOUT, () -> durable(topic) >= offset, () -> durable(topic));
        assertThat(durable(topic)).isEqualTo(offset);
    }

    /** The recovery point of the topic's first partition as noted last. */
    private static long durable(String topic) {
        Path file = BROKER.process().dataFolder().resolve("recovery-point-offset-checkpoint");
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(topic + " 0 ")) {
                    return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
                }
            }
            return 0;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkKept(String topic, Map<TopicPartition, Map<Long, String>> acknowledged) {
        Map<TopicPartition, Map<Long, String>> kept = new HashMap<>();
        try (KafkaConsumer<String, String> consumer = BROKER.consumer(Map.of())) {
            consumer.assign(acknowledged.keySet());
            consumer.seekToBeginning(acknowledged.keySet());
            Map<TopicPartition, Long> ends = consumer.endOffsets(acknowledged.keySet());
            Waiting.until(
                    "the end of " + topic,
                    TIMEOUT,
                    () -> {
                        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                            kept.computeIfAbsent(
                                            new TopicPartition(record.topic(), record.partition()),
                                            partition -> new HashMap<>())
                                    .put(record.offset(), record.value());
                        }
                        return ends.entrySet().stream()
                                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
                    },
                    kept::size);
        }
        acknowledged.forEach((partition, records) ->
                assertThat(kept.get(partition)).as("%s", partition).containsAllEntriesOf(records));
    }
}
