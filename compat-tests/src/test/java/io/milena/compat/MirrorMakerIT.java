package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.ChildProcess;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.JavaCommand;
import io.milena.compat.harness.MirroredTopic;
import io.milena.compat.harness.NumberedProducer;
import io.milena.compat.harness.Ports;
import io.milena.compat.harness.RunningBroker;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * MirrorMaker 2 mirrors one topic from Apache Kafka to the broker and one back, exactly once, with settings, groups, checkpoints and
 * heartbeats, while the broker is killed. {@code -Dmirror.kills=} says how often, {@code -Dmirror.seconds=} how long records flow
 * between kills.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class MirrorMakerIT {

    @RegisterExtension
    static final RunningBroker BROKER = RunningBroker.with();

    private static final int KILLS = Integer.getInteger("mirror.kills", 1);
    private static final int SECONDS = Integer.getInteger("mirror.seconds", 1);
    private static final int PARTITIONS = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(150);
    private static final Map<String, String> CONFIGS =
            Map.of("retention.ms", "7200000", "max.message.bytes", "2000000");

    @Test
    void shouldMirrorBothWaysThroughKills() throws Exception {
        try (BrokerProcess kafka = new BrokerProcess(BrokerKind.KAFKA, Map.of()).start()) {
            kafka.topic("orders", PARTITIONS, CONFIGS);
            BROKER.process().topic("invoices", PARTITIONS, CONFIGS);
            MirroredTopic orders =
                    new MirroredTopic("orders", PARTITIONS, "kafka", kafka.bootstrap(), BROKER.bootstrap());
            MirroredTopic invoices =
                    new MirroredTopic("invoices", PARTITIONS, "milena", BROKER.bootstrap(), kafka.bootstrap());
            try (ChildProcess mirrorMaker = mirrorMaker(kafka.bootstrap())) {
                mirror(List.of(orders, invoices), mirrorMaker);
            }
        }
    }

    private static void mirror(List<MirroredTopic> topics, ChildProcess mirrorMaker) throws InterruptedException {
        List<NumberedProducer> producers = new ArrayList<>();
        for (MirroredTopic topic : topics) {
            producers.add(producer(topic));
        }
        for (MirroredTopic topic : topics) {
            topic.awaitMirrored(100, TIMEOUT, mirrorMaker::tail);
            topic.commit("halfway");
            // Before the kills, so that the tasks that carry them are there.
            topic.awaitTopic("heartbeats", TIMEOUT);
            topic.awaitHeartbeats(TIMEOUT, mirrorMaker::tail);
        }
        for (int kill = 0; kill < KILLS; kill++) {
            Waiting.pause(Duration.ofSeconds(SECONDS));
            BROKER.process().kill();
            BROKER.process().start();
        }
        int sent = 0;
        for (NumberedProducer producer : producers) {
            sent += producer.finish().values().stream().mapToInt(Map::size).sum();
        }
        for (MirroredTopic topic : topics) {
            topic.commit("done");
            topic.awaitEqual(TIMEOUT, mirrorMaker::tail);
            topic.awaitGroup("done", TIMEOUT, mirrorMaker::tail);
            topic.awaitGroup("halfway", TIMEOUT, mirrorMaker::tail);
            assertThat(topic.mirroredConfigs()).containsAllEntriesOf(CONFIGS);
            topic.awaitCheckpoints(List.of("done", "halfway"), TIMEOUT);
        }
        System.out.println("mirrored: " + sent + " records, " + KILLS + " kills");
        assertThat(mirrorMaker.alive()).as(mirrorMaker.tail()).isTrue();
    }

    private static NumberedProducer producer(MirroredTopic topic) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", topic.source(), "delivery.timeout.ms", 300_000, "linger.ms", 5);
        NumberedProducer producer = new NumberedProducer(
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer()),
                topic.name(),
                PARTITIONS);
        producer.start();
        return producer;
    }

    private static ChildProcess mirrorMaker(String kafka) throws IOException {
        Path settings = Folders.fresh("mirror").resolve("mm2.properties");
        List<String> lines = new ArrayList<>(List.of(
                "clusters=kafka,milena",
                "kafka.bootstrap.servers=" + kafka,
                "milena.bootstrap.servers=" + BROKER.bootstrap(),
                "kafka->milena.enabled=true",
                "milena->kafka.enabled=true",
                "kafka->milena.topics=orders",
                "milena->kafka.topics=invoices",
                "groups=halfway,done",
                "kafka.exactly.once.source.support=enabled",
                "milena.exactly.once.source.support=enabled",
                "dedicated.mode.enable.internal.rest=true",
                "listeners=http://127.0.0.1:" + Ports.free(),
                "tasks.max=2",
                "offset.lag.max=0",
                "sync.group.offsets.enabled=true",
                "offset.flush.interval.ms=500",
                "scheduled.rebalance.max.delay.ms=0"));
        for (String what : List.of("emit.heartbeats", "emit.checkpoints", "refresh.topics", "refresh.groups")) {
            lines.add(what + ".interval.seconds=1");
        }
        for (String what : List.of("sync.topic.configs", "sync.group.offsets")) {
            lines.add(what + ".interval.seconds=1");
        }
        for (String what : List.of("", "checkpoints.topic.", "heartbeats.topic.", "offset-syncs.topic.")) {
            lines.add(what + "replication.factor=1");
        }
        for (String what : List.of("offset", "status", "config")) {
            lines.add(what + ".storage.replication.factor=1");
        }
        lines.addAll(List.of("offset.storage.partitions=2", "status.storage.partitions=1"));
        Files.write(settings, lines);
        String classPath = Folders.kafkaJars() + "/*:" + Folders.target().resolve("clients/mirror") + "/*";
        List<String> command = JavaCommand.program(
                classPath, "org.apache.kafka.connect.mirror.MirrorMaker", List.of(settings.toString()));
        return ChildProcess.start("mirror", command, Folders.fresh("mirror"), Redirect.PIPE);
    }
}
