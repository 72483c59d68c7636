package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.AdminDifferential;
import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.Folders;
import io.milena.compat.harness.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators do to a broker ends the same, done to the selected broker and to the reference. */
class AdminToolsIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of("offsets.topic.num.partitions", "1"));

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final AdminDifferential ADMINS = new AdminDifferential(BOTH);
    private static final String CONFIGS = "kafka.admin.ConfigCommand ";
    private static final TopicPartition STOCK = new TopicPartition("stock", 0);
    private static final TopicPartition NO_PARTITION = new TopicPartition("stock", 9);
    private static final TopicPartition NO_TOPIC = new TopicPartition("absent", 0);

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> {
            broker.topic("stock", 2, Map.of());
            broker.topic("tuned", 1, Map.of());
            try (KafkaProducer<String, String> producer = producer(broker)) {
                // One batch each, so that their sizes are the same.
                for (int i = 0; i < 20; i++) {
                    producer.send(new ProducerRecord<>("stock", 0, "key", "value"))
                            .get();
                }
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError("the records could not be sent", e);
            }
            return broker;
        });
    }

    @AfterAll
    static void close() {
        ADMINS.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TopicCommand --alter --topic absent --partitions 3",
                CONFIGS + "--alter --entity-type brokers --entity-name 1 --add-config num.partitions=3",
                CONFIGS + "--describe --entity-type users",
                CONFIGS + "--describe --entity-type clients",
                "reassign.ReassignPartitionsCommand --list",
                "LeaderElectionCommand --election-type preferred --all-topic-partitions",
                "LeaderElectionCommand --election-type preferred --topic stock --partition 0",
                "LeaderElectionCommand --election-type unclean --topic absent --partition 0",
                "AclCommand --list",
                "AclCommand --add --allow-principal User:a --operation Read --topic stock",
                "TransactionsCommand --bootstrap-server $broker list",
                "ClientMetricsCommand --list",
                "ClusterTool unregister --id 7",
            })
    void shouldPrintTheSame(String line) {
        BOTH.run(line).replacing("(Suppressed: \\S+: ).*", "$1SENTENCE").same();
    }

    @Test
    void shouldPrintTheSameFigures() {
        BOTH.run("LogDirsCommand --describe --topic-list stock").same();
        BOTH.run("MetadataQuorumCommand --bootstrap-server $broker describe --status")
                .replacing("(Epoch|HighWatermark|MaxFollowerLag\\w*):\\s*\\d+", "$1")
                .same();
        BOTH.run("TransactionsCommand --bootstrap-server $broker describe-producers --topic stock --partition 0")
                .replacing("\\d+", "N")
                .same();
    }

    @Test
    void shouldChangeSettingsOfBrokers() {
        String own = "--entity-type brokers --entity-name 1 ";
        String all = "--entity-type brokers --entity-default ";
        for (String line : List.of(
                all + "--alter --add-config log.retention.ms=700000,log.cleaner.threads=2",
                own + "--alter --add-config log.retention.ms=600000",
                own + "--describe",
                all + "--describe",
                own + "--alter --delete-config log.retention.ms",
                all + "--alter --delete-config log.retention.ms,log.cleaner.threads",
                own + "--describe")) {
            if (line.endsWith("--describe")) {
                BOTH.sameSoon(CONFIGS + line);
            } else {
                BOTH.run(CONFIGS + line).same();
            }
        }
    }

    @Test
    void shouldDeleteRecords() throws IOException {
        Path offsets = Folders.fresh("offsets").resolve("offsets.json");
        for (String json : List.of(
                "{\"topic\":\"stock\",\"partition\":0,\"offset\":5}",
                "{\"topic\":\"stock\",\"partition\":0,\"offset\":99}",
                "{\"topic\":\"stock\",\"partition\":1,\"offset\":-1}")) {
            Files.writeString(offsets, "{\"version\":1,\"partitions\":[" + json + "]}");
            BOTH.run("DeleteRecordsCommand --offset-json-file " + offsets).same();
        }
    }

    @Test
    void shouldAddPartitions() {
        BOTH.each(broker -> broker.topic("grow", 2, Map.of()));
        for (NewPartitions wish : List.of(
                NewPartitions.increaseTo(2),
                NewPartitions.increaseTo(1),
                NewPartitions.increaseTo(0),
                NewPartitions.increaseTo(3, List.of(List.of(7))),
                NewPartitions.increaseTo(3, List.of(List.of(1), List.of(1))),
                NewPartitions.increaseTo(4, List.of(List.of(1))),
                NewPartitions.increaseTo(3, List.of(List.of(1, 1))),
                NewPartitions.increaseTo(3, List.of(List.of())),
                NewPartitions.increaseTo(3, List.of(List.of(1))),
                NewPartitions.increaseTo(5))) {
            ADMINS.same(
                    wish.toString(),
                    admin -> admin.createPartitions(
                                    Map.of("grow", wish, "absent", wish),
                                    new CreatePartitionsOptions().validateOnly(true))
                            .values());
            ADMINS.same(
                    wish.toString(),
                    admin -> admin.createPartitions(Map.of("grow", wish, "with/slash", wish))
                            .values());
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "SET, retention.ms, 5000",
                "SET, retention.ms, never",
                "SET, retention.ms, -2",
                "SET, retention.ms, null",
                "SET, no.such, 1",
                "DELETE, no.such, null",
                "DELETE, segment.ms, null",
                "APPEND, cleanup.policy, compact",
                "APPEND, cleanup.policy, compact",
                "APPEND, cleanup.policy, burn",
                "SUBTRACT, cleanup.policy, delete",
                "SUBTRACT, cleanup.policy, burn",
                "SUBTRACT, cleanup.policy, compact",
                "DELETE, cleanup.policy, null",
                "APPEND, retention.ms, 1",
                "SUBTRACT, retention.ms, 1",
                "APPEND, no.such, 1",
                "SET, max.compaction.lag.ms, 0",
                "SET, remote.storage.enable, true",
                "SET, leader.replication.throttled.replicas, 0:1",
                "SET, leader.replication.throttled.replicas, x",
                "DELETE, leader.replication.throttled.replicas, null",
            })
    void shouldChangeOneSettingOfATopic(OpType type, String name, String value) {
        ConfigResource tuned = topic("tuned");
        AlterConfigOp operation = new AlterConfigOp(new ConfigEntry(name, value), type);
        alter(true, tuned, operation);
        alter(false, tuned, operation);
        alter(false, topic("absent"), operation);
        ADMINS.sameSettings(tuned, List.of("cleanup.policy", "retention.ms", "leader.replication.throttled.replicas"));
    }

    @Test
    void shouldRefuseToChangeSettings() {
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry("retention.ms", "1"), OpType.SET);
        AlterConfigOp again = new AlterConfigOp(new ConfigEntry("retention.ms", "2"), OpType.SET);
        AlterConfigOp least = new AlterConfigOp(new ConfigEntry("min.compaction.lag.ms", "100"), OpType.SET);
        AlterConfigOp most = new AlterConfigOp(new ConfigEntry("max.compaction.lag.ms", "10"), OpType.SET);
        alter(false, topic("tuned"), set, again);
        alter(false, topic("tuned"), least, most);
        alter(false, topic("tuned"));
        alter(false, topic("absent"));
        alter(false, topic(""), set);
        alter(false, topic("with/slash"), set);
        alter(false, new ConfigResource(ConfigResource.Type.UNKNOWN, "x"), set);
        for (String name : List.of("1", "")) {
            for (String setting : List.of(
                    "auto.create.topics.enable=false",
                    "log.cleaner.threads=many",
                    "log.cleaner.threads=-1",
                    "num.io.threads=0",
                    "log.retention.ms=0",
                    "log.segment.bytes=10",
                    "ssl.keystore.location=/x",
                    "log.cleanup.policy=burn")) {
                String[] parts = setting.split("=");
                alter(false, broker(name), new AlterConfigOp(new ConfigEntry(parts[0], parts[1]), OpType.SET));
            }
            alter(false, broker(name), new AlterConfigOp(new ConfigEntry("log.retention.ms", "1"), OpType.APPEND));
        }
    }

    /** Topics take over at once what is changed for the brokers. */
    @Test
    void shouldApplySettingsOfBrokersToTopics() {
        for (String value : List.of("2000", "3000")) {
            alter(false, broker(""), new AlterConfigOp(new ConfigEntry("message.max.bytes", value), OpType.SET));
            BOTH.each(broker -> {
                Waiting.until(
                        "the setting",
                        TIMEOUT,
                        () -> ADMINS.settings(broker, topic("stock"), List.of("max.message.bytes"))
                                .contains("max.message.bytes=" + value),
                        () -> ADMINS.settings(broker, topic("stock"), List.of("max.message.bytes")));
                return broker;
            });
            ADMINS.sameSettings(topic("stock"), List.of("max.message.bytes"));
            ADMINS.sameSettings(broker("1"), List.of("message.max.bytes"));
            List<String> sent = BOTH.each(broker -> {
                try (KafkaProducer<String, String> producer = producer(broker)) {
                    return AdminDifferential.outcome(
                            () -> producer.send(new ProducerRecord<>("stock", 1, "key", "x".repeat(2500)))
                                    .get()
                                    .partition());
                }
            });
            assertThat(sent.get(0)).isEqualTo(sent.get(1));
        }
        alter(false, broker(""), new AlterConfigOp(new ConfigEntry("message.max.bytes", ""), OpType.DELETE));
    }

    @Test
    void shouldMoveAndElectNothing() {
        ADMINS.same(
                "list",
                admin -> admin.listPartitionReassignments(Set.of(STOCK, NO_TOPIC))
                        .reassignments());
        for (List<Integer> replicas : List.of(List.of(1), List.of(2), List.of(1, 1), List.of(1, 2), List.of(-1))) {
            ADMINS.same("move to " + replicas, admin -> {
                Optional<NewPartitionReassignment> wish = Optional.of(new NewPartitionReassignment(replicas));
                return admin.alterPartitionReassignments(Map.of(STOCK, wish, NO_PARTITION, wish, NO_TOPIC, wish))
                        .values();
            });
        }
        ADMINS.same(
                "cancel",
                admin -> admin.alterPartitionReassignments(Map.of(
                                STOCK, Optional.empty(), NO_PARTITION, Optional.empty(), NO_TOPIC, Optional.empty()))
                        .values());
        for (ElectionType type : ElectionType.values()) {
            ADMINS.same(
                    "elect " + type,
                    admin -> admin.electLeaders(type, Set.of(STOCK, NO_PARTITION, NO_TOPIC))
                            .partitions()
                            .thenApply(AdminToolsIT::errorNames));
            ADMINS.same("elect all", admin -> admin.electLeaders(type, null).partitions());
        }
    }

    @Test
    void shouldAnswerForAClusterWithoutSecurityAndQuotas() {
        ADMINS.same("rules", admin -> admin.describeAcls(AclBindingFilter.ANY).values());
        ADMINS.same(
                "quotas",
                admin -> admin.describeClientQuotas(ClientQuotaFilter.all()).entities());
        for (List<ClientQuotaFilterComponent> filter : List.of(
                List.of(ClientQuotaFilterComponent.ofEntity("user", "x")),
                List.of(ClientQuotaFilterComponent.ofEntity("planet", "x")),
                List.of(ClientQuotaFilterComponent.ofEntity("", "x")),
                List.of(
                        ClientQuotaFilterComponent.ofEntity("user", "x"),
                        ClientQuotaFilterComponent.ofEntityType("user")),
                List.of(
                        ClientQuotaFilterComponent.ofEntity("user", "x"),
                        ClientQuotaFilterComponent.ofEntityType("ip")))) {
            ADMINS.same(
                    filter.toString(),
                    admin -> admin.describeClientQuotas(ClientQuotaFilter.contains(filter))
                            .entities());
        }
        ADMINS.same("users", admin -> admin.describeUserScramCredentials().all());
        ADMINS.same(
                "user",
                admin -> admin.describeUserScramCredentials(List.of("x")).description("x"));
        ADMINS.same(
                "resources",
                admin -> admin.listConfigResources()
                        .all()
                        .thenApply(all -> Set.copyOf(all).stream()
                                .filter(resource -> !resource.name().startsWith("__"))
                                .filter(resource -> resource.type() != ConfigResource.Type.TOPIC)
                                .map(ConfigResource::toString)
                                .sorted()
                                .toList()));
        ADMINS.same("unregister", admin -> admin.unregisterBroker(7).all());
        for (Map.Entry<String, Integer> level :
                Map.of("metadata.version", 99, "no.such", 1).entrySet()) {
            FeatureUpdate update = new FeatureUpdate(level.getValue().shortValue(), UpgradeType.UPGRADE);
            ADMINS.same(
                    level.toString(),
                    admin -> admin.updateFeatures(
                                    Map.of(level.getKey(), update), new UpdateFeaturesOptions().validateOnly(true))
                            .values());
        }
        ADMINS.same(
                "the level in force",
                admin -> admin.updateFeatures(
                                Map.of("metadata.version", new FeatureUpdate((short) 30, UpgradeType.UPGRADE)),
                                new UpdateFeaturesOptions())
                        .values());
    }

    private static ConfigResource topic(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }

    private static ConfigResource broker(String name) {
        return new ConfigResource(ConfigResource.Type.BROKER, name);
    }

    private static KafkaProducer<String, String> producer(BrokerProcess broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(), new StringSerializer());
    }

    private static void alter(boolean validateOnly, ConfigResource resource, AlterConfigOp... operations) {
        ADMINS.same(
                resource + " " + List.of(operations),
                admin -> admin.incrementalAlterConfigs(
                                Map.of(resource, List.of(operations)),
                                new AlterConfigsOptions().validateOnly(validateOnly))
                        .values());
    }

    private static Map<String, String> errorNames(Map<TopicPartition, Optional<Throwable>> errors) {
        Map<String, String> names = new TreeMap<>();
        errors.forEach((partition, error) -> names.put(
                partition.toString(),
                error.map(thrown -> thrown.getClass().getSimpleName()).orElse("")));
        return names;
    }
}
