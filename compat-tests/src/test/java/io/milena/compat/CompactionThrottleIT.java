package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.PartitionReader;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The limit of what compaction reads and writes in a second, changed while the broker runs: a cleaning that waits under a low limit goes
 * on at once under a high one. The reference follows only when its cleaner has slept out, which with such a limit it never has.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CompactionThrottleIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String LIMIT = "log.cleaner.io.max.bytes.per.second";
    private static final TopicPartition PARTITION = new TopicPartition("latest", 0);
    private static final int RECORDS = 2000;
    private static final int KEYS = 10;

    @Test
    void shouldFollowALimitThatIsChangedWhileACleaningWaits() throws Exception {
        Map<String, String> settings = Map.of(LIMIT, "1", "log.cleaner.backoff.ms", "100");
        try (BrokerProcess broker = new BrokerProcess(BrokerKind.MILENA, settings).start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            broker.topic(
                    PARTITION.topic(),
                    1,
                    Map.of(
                            "cleanup.policy", "compact",
                            "segment.bytes", "1048576",
                            "min.cleanable.dirty.ratio", "0.01"));
            for (int round = 1; round <= 2; round++) {
                send(broker);
                // At a byte a second, what is dirty now takes weeks.
                Waiting.pause(Duration.ofSeconds(1));
                assertThat(count(broker)).as("under the low limit").isGreaterThanOrEqualTo(RECORDS);

                limit(admin, AlterConfigOp.OpType.SET);
                Waiting.until("a compacted log", TIMEOUT, () -> count(broker) < RECORDS, () -> count(broker));
                limit(admin, AlterConfigOp.OpType.DELETE);
            }
        }
    }

    private static void send(BrokerProcess broker) throws ExecutionException, InterruptedException {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap(), "batch.size", 20_000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                String key = "key-" + i % KEYS;
                producer.send(new ProducerRecord<>(PARTITION.topic(), 0, key, key + "x".repeat(1200)));
            }
            producer.send(new ProducerRecord<>(PARTITION.topic(), 0, "last", "record"))
                    .get();
        }
    }

    /** How many records can be read, but for the last one of each round. */
    private static int count(BrokerProcess broker) {
        return (int) PartitionReader.read(broker.bootstrap(), PARTITION, Map.of()).stream()
                .filter(record -> !"last".equals(record.key()))
                .count();
    }

    private static void limit(Admin admin, AlterConfigOp.OpType change) throws Exception {
        ConfigResource cluster = new ConfigResource(ConfigResource.Type.BROKER, "");
        AlterConfigOp operation = new AlterConfigOp(new ConfigEntry(LIMIT, "1.0E12"), change);
        admin.incrementalAlterConfigs(Map.of(cluster, List.of(operation))).all().get();
    }
}
