package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.BusyLife;
import io.milena.compat.harness.LogFiles;
import io.milena.compat.harness.PartitionView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files of a partition mean the same to both brokers and to the reference's tool, in either direction. */
class KafkaFilesIT {

    private static final Map<String, String> SETTINGS =
            Map.of("log.cleaner.backoff.ms", "100", "log.retention.check.interval.ms", "200");
    private static final List<String> COMPACTED = List.of("compacted", "__consumer_offsets");

    private final BrokerProcess subject = new BrokerProcess(BrokerKind.selected(), SETTINGS);
    private final BrokerProcess reference = new BrokerProcess(BrokerKind.KAFKA, SETTINGS);

    private enum Stop {
        /** Files are taken over as they are. */
        CLEAN,
        /** The broker that takes over believes that it crashed, and looks at everything. */
        FORGOTTEN
    }

    @AfterEach
    void close() {
        subject.close();
        reference.close();
    }

    @ParameterizedTest
    @EnumSource(Stop.class)
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void shouldHandPartitionsOverAndBack(Stop stop) {
        subject.start();
        BusyLife.create(subject);
        assertThat(subject.terminate()).isZero();
        BusyLife life = new BusyLife(1);
        reference.start();
        BusyLife.create(reference);
        life.live(reference);
        KafkaProducer<String, String> open = life.transact(reference);
        try {
            takeOver(reference, subject, stop);
            life.continueSequence(subject);
            life.live(subject);
            takeOver(subject, reference, stop);
            life.continueSequence(reference);
            // The coordinator of the reference has not forgotten the transaction, nor have the files.
            open.commitTransaction();
        } finally {
            open.close(Duration.ZERO);
        }
        PartitionView end = PartitionView.of(reference, BusyLife.TRANSACTIONAL);
        assertThat(end.committed()).anyMatch(record -> record.contains("=open 0 "));
        assertThat(end.offsets().get(1)).isEqualTo(end.offsets().get(2));
    }

    /** Stops one broker, gives its files to the other one, starts that, and compares what clients see of them. */
    private static void takeOver(BrokerProcess from, BrokerProcess to, Stop stop) {
        BusyLife.settle(from);
        Map<TopicPartition, PartitionView> before = views(from);
        from.terminate();
        LogFiles.assertReadable(from.dataFolder(), COMPACTED);
        if (to.process().alive()) {
            to.terminate();
        }
        if (stop == Stop.FORGOTTEN) {
            LogFiles.forgetCleanStop(to);
        }
        BusyLife.ALL.forEach(partition -> LogFiles.handOver(from, to, partition));
        to.start();
        Map<TopicPartition, PartitionView> after = views(to);
        before.forEach((partition, view) ->
                assertThat(after.get(partition)).as(partition.toString()).isEqualTo(view));
    }

    private static Map<TopicPartition, PartitionView> views(BrokerProcess broker) {
        Map<TopicPartition, PartitionView> views = new LinkedHashMap<>();
        BusyLife.ALL.forEach(partition -> views.put(partition, PartitionView.of(broker, partition)));
        return views;
    }

    @Test
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void shouldLeaveReadableFilesAfterABusyLife() {
        BusyLife life = new BusyLife(2);
        subject.start();
        BusyLife.create(subject);
        BusyLife.set(subject, BusyLife.MIXED, "retention.bytes", "25000");
        life.live(subject);
        subject.process().kill();
        subject.start();
        life.continueSequence(subject);
        life.live(subject);
        subject.process().kill();
        subject.start();
        life.live(subject);
        life.transact(subject).close(Duration.ZERO);
        commit("group");
        BusyLife.settle(subject);
        assertThat(PartitionView.of(subject, BusyLife.MIXED).offsets().get(0)).isPositive();
        assertThat(subject.terminate()).isZero();
        LogFiles.assertReadable(subject.dataFolder(), COMPACTED);
        assertThat(decoded("__consumer_offsets", "--offsets-decoder")).contains("\"group\":\"group\"");
        assertThat(decoded("__transaction_state", "--transaction-log-decoder"))
                .contains("\"transactionalId\":\"open\"");
    }

    /** The records of one of the broker's own topics, as the tool understands them. */
    private String decoded(String topic, String decoder) {
        List<Path> logs = LogFiles.files(subject.dataFolder(), ".log").stream()
                .filter(log -> log.getParent().getFileName().toString().startsWith(topic + "-"))
                .toList();
        return LogFiles.dump(logs, decoder);
    }

    private void commit(String group) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", subject.bootstrap(), "group.id", group, "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(BusyLife.MIXED.topic()));
            while (consumer.poll(Duration.ofMillis(200)).isEmpty()) {
                assertThat(subject.process().alive()).isTrue();
            }
            consumer.commitSync();
        }
    }
}
