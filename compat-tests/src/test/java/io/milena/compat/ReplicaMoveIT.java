package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerKind;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.NumberedProducer;
import io.milena.compat.harness.NumberedRecords;
import io.milena.compat.harness.StockTool;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Replicas that move between two data folders: what the selected broker and the reference answer is the same, and nothing is lost while
 * records are sent and the broker is killed. More kills with {@code -Dkills=30}, a seed again with {@code -Dseed=17}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ReplicaMoveIT {

    @RegisterExtension
    static final Differential BOTH =
            Differential.with(Map.of("log.dirs", "$data/a,$data/b", "offsets.topic.num.partitions", "2"));

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int KILLS = Integer.getInteger("kills", 3);
    private static final int PARTITIONS = 2;

    @Test
    void shouldAnswerAndMoveAsTheReference() {
        BOTH.each(broker -> broker.topic("moves", 1, Map.of()));
        same("records", ReplicaMoveIT::send);
        same("a folder that is none", broker -> alter(broker, "moves", 0, "/nowhere"));
        same("an unknown topic", broker -> alter(broker, "unknown", 0, folder(broker, "a")));
        same("an unknown partition", broker -> alter(broker, "moves", 7, folder(broker, "a")));
        for (String name : List.of("a", "b", "b", "a")) {
            same("to " + name, broker -> alter(broker, "moves", 0, folder(broker, name)));
            BOTH.each(broker -> awaitIn(broker, "moves", 0, name));
            same("records", ReplicaMoveIT::send);
        }
        same("there and back", broker -> {
            String to = alter(broker, "moves", 0, folder(broker, "b"));
            String back = alter(broker, "moves", 0, folder(broker, "a"));
            return to + awaitIn(broker, "moves", 0, "a") + back;
        });
        for (String name : List.of("a", "b")) {
            same("before it is made", broker -> alter(broker, "later-" + name, 0, folder(broker, name)));
            BOTH.each(broker -> broker.topic("later-" + name, 1, Map.of()));
            same("where it was made", broker -> awaitIn(broker, "later-" + name, 0, name));
        }
    }

    @Test
    void shouldMoveForTheStockTool() {
        BOTH.each(broker -> broker.topic("tooled", 1, Map.of()));
        for (String name : List.of("b", "a")) {
            same("execute " + name, broker -> reassign(broker, name, "--execute"));
            BOTH.each(broker -> awaitIn(broker, "tooled", 0, name));
            same("verify " + name, broker -> reassign(broker, name, "--verify"));
        }
    }

    /** What the tool prints when it is to move the replica to a folder, or to look whether it is there. */
    private static String reassign(BrokerProcess broker, String name, String action) {
        String wish =
                "{\"version\":1,\"partitions\":[{\"topic\":\"tooled\",\"partition\":0,\"replicas\":[1],\"log_dirs\":[\"%s\"]}]}"
                        .formatted(folder(broker, name));
        Path file = Folders.fresh("reassignment").resolve("wish.json");
        try {
            Files.writeString(file, wish);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String printed = StockTool.of("reassign.ReassignPartitionsCommand")
                .run("--bootstrap-server", broker.bootstrap(), "--reassignment-json-file", file.toString(), action)
                .succeeded()
                .stdout();
        assertThat(printed).doesNotContain("rror").contains("tooled-0");
        return printed.replace(broker.dataFolder().toString(), "$data");
    }

    @Test
    void shouldLoseNothingWhileItIsKilled() throws InterruptedException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        try (BrokerProcess broker =
                new BrokerProcess(BrokerKind.MILENA, Map.of("log.dirs", "$data/a,$data/b")).start()) {
            broker.topic("moves", PARTITIONS, Map.of("segment.bytes", "1048576"));
            NumberedProducer producer = new NumberedProducer(producer(broker), "moves", PARTITIONS);
            producer.start();
            for (int kill = 0; kill < KILLS; kill++) {
                int before = producer.count();
                Waiting.until("more records", TIMEOUT, () -> producer.count() > before + 200, producer::count);
                String to = kill % 2 == 0 ? "b" : "a";
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    alter(broker, "moves", partition, folder(broker, to));
                }
                Waiting.pause(Duration.ofMillis(random.nextInt(150)));
                broker.kill();
                broker.start();
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    alter(broker, "moves", partition, folder(broker, to));
                    awaitIn(broker, "moves", partition, to);
                }
            }
            NumberedRecords.assertKept(broker.bootstrap(), producer.finish(), "after moves and kills, seed " + seed);
            assertThat(broker.process().stdout() + broker.process().stderr()).doesNotContain("damage-found");
        }
    }

    private static void same(String what, Function<BrokerProcess, Object> question) {
        List<Object> both = BOTH.each(question);
        assertThat(both.get(0)).as(what).isEqualTo(both.get(1));
    }

    private static String folder(BrokerProcess broker, String name) {
        return broker.dataFolder().resolve(name).toString();
    }

    /** Asks for a replica to lie in a folder, and gives what the answer was. */
    private static String alter(BrokerProcess broker, String topic, int partition, String folder) {
        try (Admin admin = admin(broker)) {
            admin.alterReplicaLogDirs(Map.of(new TopicPartitionReplica(topic, partition, 1), folder))
                    .all()
                    .get();
            return "moving";
        } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until a replica lies in a folder and nowhere else, and gives its name. */
    private static String awaitIn(BrokerProcess broker, String topic, int partition, String name) {
        List<String> seen = new ArrayList<>();
        try (Admin admin = admin(broker)) {
            TopicPartitionReplica replica = new TopicPartitionReplica(topic, partition, 1);
            Waiting.until(
                    topic + " in " + name,
                    TIMEOUT,
                    () -> {
                        ReplicaLogDirInfo found = describe(admin, replica);
                        seen.add(String.valueOf(found));
                        return found.getFutureReplicaLogDir() == null
                                && found.getCurrentReplicaLogDir() != null
                                && Path.of(found.getCurrentReplicaLogDir()).endsWith(name);
                    },
                    () -> seen.get(seen.size() - 1));
            return name;
        }
    }

    private static ReplicaLogDirInfo describe(Admin admin, TopicPartitionReplica replica) {
        try {
            return admin.describeReplicaLogDirs(List.of(replica)).all().get().get(replica);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static Object send(BrokerProcess broker) {
        try (KafkaProducer<String, String> producer = producer(broker)) {
            long offset = -1;
            for (int i = 0; i < 100; i++) {
                offset = producer.send(new ProducerRecord<>("moves", 0, null, "value-" + i))
                        .get()
                        .offset();
            }
            return offset;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static Admin admin(BrokerProcess broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    private static KafkaProducer<String, String> producer(BrokerProcess broker) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrap());
        settings.put("enable.idempotence", true);
        settings.put("request.timeout.ms", 5_000);
        settings.put("delivery.timeout.ms", 300_000);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }
}
