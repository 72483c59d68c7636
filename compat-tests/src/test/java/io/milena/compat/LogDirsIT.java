package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two data folders, of which one fails: what the selected broker and the reference tell about them is the same. */
class LogDirsIT {

    @RegisterExtension
    static final Differential BOTH =
            Differential.with(Map.of("log.dirs", "$data/a,$data/b", "offsets.topic.num.partitions", "2"));

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String TOPIC = "stock";
    private static final int PARTITIONS = 4;

    @Test
    void shouldTellTheSameBeforeAndAfterAFolderFailed() {
        BOTH.each(broker -> {
            broker.topic(TOPIC, PARTITIONS, Map.of());
            return fill(broker);
        });
        same("sizes", LogDirsIT::folders);
        same("leaders", LogDirsIT::leaders);
        BOTH.run("LogDirsCommand --describe --topic-list absent")
                .replacing("DATA/[ab]", "FOLDER")
                .same();

        BOTH.each(broker -> {
            broker.terminate();
            replaceFolder(broker);
            broker.start();
            Waiting.until(
                    "two partitions without leader",
                    TIMEOUT,
                    () -> leaders(broker).stream()
                                    .filter("none [1] [1]"::equals)
                                    .count()
                            == 2,
                    () -> leaders(broker));
            return broker;
        });
        same("folders after one failed", LogDirsIT::folders);
        same("leaders after a folder failed", LogDirsIT::leaders);
        same("a new topic", broker -> broker.topic("later", 2, Map.of()));
        same("folders with a new topic", LogDirsIT::folders);
    }

    private static void same(String what, Function<BrokerProcess, Object> question) {
        List<Object> both = BOTH.each(question);
        assertThat(both.get(0)).as(what).isEqualTo(both.get(1));
    }

    /** One record in each partition, of the same size. */
    private static BrokerProcess fill(BrokerProcess broker) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(), new StringSerializer())) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                producer.send(new ProducerRecord<>(TOPIC, partition, "key", "value"))
                        .get();
            }
            return broker;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static void replaceFolder(BrokerProcess broker) {
        Path folder = broker.dataFolder().resolve("b");
        try {
            Files.move(folder, folder.resolveSibling("away"));
            Files.createFile(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is in each folder, whichever partitions that are. */
    private static Object folders(BrokerProcess broker) {
        return ask(broker, admin -> {
            Map<String, String> told = new TreeMap<>();
            Map<String, LogDirDescription> folders =
                    admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1);
            folders.forEach((path, folder) -> told.put(
                    Path.of(path).getFileName().toString(),
                    (folder.error() == null ? "" : folder.error().getClass().getSimpleName() + " ")
                            + replicas(folder.replicaInfos()) + " total "
                            + folder.totalBytes().isPresent() + " usable "
                            + folder.usableBytes().isPresent()));
            return told;
        });
    }

    private static Map<String, List<String>> replicas(Map<TopicPartition, ReplicaInfo> infos) {
        Map<String, List<String>> replicas = new TreeMap<>();
        infos.forEach((partition, replica) -> replicas.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                .add(replica.size() + " " + replica.offsetLag() + " " + replica.isFuture()));
        return replicas;
    }

    /** The leader, the replicas and those in sync of each partition, in no order. */
    private static List<String> leaders(BrokerProcess broker) {
        return ask(broker, admin -> {
            TopicDescription topic =
                    admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC);
            return topic.partitions().stream()
                    .map(partition -> (partition.leader() == null
                                    ? "none"
                                    : partition.leader().id())
                            + " "
                            + partition.replicas().stream()
                                    .map(node -> node.id())
                                    .toList()
                            + " "
                            + partition.isr().stream().map(node -> node.id()).toList())
                    .sorted()
                    .toList();
        });
    }

    private interface Question<T> {
        T ask(Admin admin) throws InterruptedException, ExecutionException;
    }

    private static <T> T ask(BrokerProcess broker, Question<T> question) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            return question.ask(admin);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
