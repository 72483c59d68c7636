package io.milena.compat;

import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One line, one use of a tool of Kafka: it prints the same whichever broker it talks to. */
class AdminCasesIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of("offsets.topic.num.partitions", "1"));

    private static final String TOPICS = "TopicCommand ";
    private static final String GROUPS = "consumer.group.ConsumerGroupCommand ";
    private static final String CONFIGS = "kafka.admin.ConfigCommand ";
    private static final String OFFSETS = "GetOffsetShell ";
    private static final String MOVES = "reassign.ReassignPartitionsCommand ";
    private static final String ELECT = "LeaderElectionCommand ";
    private static final String FEATURES = "FeatureCommand ";
    private static final String QUORUM = "MetadataQuorumCommand ";
    private static final String METRICS = "ClientMetricsCommand ";
    private static final String CLUSTER = "ClusterTool ";
    private static final String TOKENS = "DelegationTokenCommand ";

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> {
            broker.topic("orders", 3, Map.of("retention.ms", "-1"));
            broker.topic("moved", 2, Map.of());
            produce(broker);
            return broker;
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TOPICS + "--describe --topic orders --at-min-isr-partitions",
                TOPICS + "--describe --topic orders --under-min-isr-partitions",
                TOPICS + "--describe --unavailable-partitions",
                TOPICS + "--describe --topic or.*",
                TOPICS + "--describe --topic absent --if-exists",
                TOPICS + "--describe --topic-id AAAAAAAAAAAAAAAAAAAAAQ",
                TOPICS + "--describe --topic orders --partition-size-limit-per-response 1",
                TOPICS + "--list --topic or.*",
                TOPICS + "--create --topic two..dots --partitions 1",
                TOPICS + "--create --topic",
                TOPICS + "--create --topic case1 --replica-assignment 1,1,1",
                TOPICS + "--create --topic case2 --replica-assignment 1:2",
                TOPICS + "--create --topic case2 --replica-assignment 1:1",
                TOPICS + "--create --topic case3 --config no.such=1",
                TOPICS + "--create --topic case3 --config retention.ms=x",
                TOPICS + "--create --topic case3 --config max.compaction.lag.ms=0",
                TOPICS + "--create --topic case4 --config compression.type=zstd --config compression.zstd.level=99",
                TOPICS + "--create --topic case5 --config cleanup.policy=[compact,delete]",
                TOPICS + "--alter --topic orders --partitions 3",
                TOPICS + "--alter --topic orders --partitions 1",
                TOPICS + "--alter --topic absent --partitions 3 --if-exists",
                TOPICS + "--delete --topic absent --if-exists",
                TOPICS + "--delete --topic two.*",
                TOPICS + "--describe --topic __consumer_offsets",
                OFFSETS + "--topic orders --partitions 0,2",
                OFFSETS + "--topic orders --time earliest",
                OFFSETS + "--topic orders --time max-timestamp",
                OFFSETS + "--topic orders --time earliest-local",
                OFFSETS + "--topic orders --time latest-tiered",
                OFFSETS + "--topic orders --time -6",
                OFFSETS + "--topic orders --time soon",
                OFFSETS + "--topic absent",
                OFFSETS + "--topic-partitions orders:0,absent:1,orders:9",
                OFFSETS + "--topic or.* --exclude-internal-topics",
                GROUPS + "--describe --group absent --offsets",
                GROUPS + "--describe --group absent --members",
                GROUPS + "--describe --group absent --state",
                GROUPS + "--delete --group absent",
                GROUPS + "--delete-offsets --group absent --topic orders",
                GROUPS + "--reset-offsets --group fresh --topic orders --to-latest --dry-run",
                GROUPS + "--reset-offsets --group fresh --topic orders --to-latest --execute",
                GROUPS + "--reset-offsets --group fresh --topic absent --to-latest --execute",
                GROUPS + "--reset-offsets --group fresh --topic orders:9 --to-latest --execute",
                GROUPS + "--reset-offsets --group fresh --all-topics --to-earliest --export",
                GROUPS + "--reset-offsets --group fresh --topic orders --by-duration PT1H --dry-run",
                GROUPS + "--reset-offsets --group fresh --topic orders --to-offset 99 --dry-run",
                GROUPS + "--reset-offsets --group fresh --topic orders --to-current --dry-run",
                GROUPS + "--list --type classic",
                GROUPS + "--list --type nonsense",
                GROUPS + "--validate-regex or.*",
                "GroupsCommand --list --group-type classic",
                "GroupsCommand --list --protocol consumer",
                "GroupsCommand --list --consumer",
                "GroupsCommand --list --group-type nonsense",
                CONFIGS + "--describe --entity-type topics",
                CONFIGS + "--describe --entity-type groups",
                CONFIGS + "--describe --entity-type groups --entity-name g",
                CONFIGS + "--describe --entity-type groups --entity-name g --all",
                CONFIGS + "--describe --entity-type client-metrics",
                CONFIGS + "--describe --entity-type client-metrics --entity-name m",
                CONFIGS + "--describe --entity-type ips",
                CONFIGS + "--describe --entity-type users --entity-name x",
                CONFIGS + "--describe --entity-type clients --entity-name x",
                CONFIGS + "--describe --entity-type clients --entity-default",
                CONFIGS + "--describe --entity-type brokers --entity-name 2",
                CONFIGS + "--alter --entity-type topics --entity-name absent --add-config retention.ms=5",
                CONFIGS + "--alter --entity-type topics --entity-name orders --add-config retention.ms=x",
                CONFIGS + "--alter --entity-type topics --entity-name orders --add-config no.such=x",
                CONFIGS + "--alter --entity-type topics --entity-name orders --delete-config no.such",
                CONFIGS + "--alter --entity-type groups --entity-name g --add-config consumer.session.timeout.ms=1",
                CONFIGS + "--alter --entity-type groups --entity-name g --add-config no.such=1",
                CONFIGS + "--alter --entity-type client-metrics --entity-name m --add-config interval.ms=1",
                CONFIGS + "--alter --entity-type client-metrics --entity-name m --add-config match=[x]",
                CONFIGS + "--alter --entity-type brokers --entity-name 1 --add-config node.id=2",
                CONFIGS + "--alter --entity-type brokers --entity-name 1 --add-config log.cleaner.threads=0",
                METRICS + "--describe",
                METRICS + "--list",
                METRICS + "--describe --name absent",
                METRICS + "--delete --name absent",
                METRICS + "--alter --name m --interval 1",
                METRICS + "--alter --name m --match x",
                CLUSTER + "list-endpoints --include-fenced-brokers",
                ELECT + "--election-type preferred --all-topic-partitions",
                ELECT + "--election-type unclean --all-topic-partitions",
                ELECT + "--election-type unclean --topic orders --partition 1",
                ELECT + "--election-type preferred --topic orders --partition 9",
                ELECT + "--election-type preferred --topic absent --partition 0",
                "LogDirsCommand --describe --topic-list absent",
                "LogDirsCommand --describe --broker-list 2",
                "LogDirsCommand --describe --broker-list 1 --topic-list moved",
                MOVES + "--list",
                TOKENS + "--create --max-life-time-period -1",
                TOKENS + "--describe",
                TOKENS + "--renew --renew-time-period -1 --hmac aGVsbG8=",
                TOKENS + "--expire --expiry-time-period -1 --hmac aGVsbG8=",
                "AclCommand --list --topic orders",
                "AclCommand --remove --force --topic orders",
                QUORUM + "--bootstrap-server $broker describe --replication --human-readable",
                QUORUM + "--bootstrap-server $broker describe --replication",
                QUORUM + "--bootstrap-server $broker describe --status",
                QUORUM + "--bootstrap-controller $controller describe --status",
                QUORUM + "--bootstrap-controller $controller describe --replication --human-readable",
                CLUSTER + "cluster-id --bootstrap-controller $controller",
                CLUSTER + "list-endpoints --bootstrap-controller $controller",
                CLUSTER + "unregister --id 7 --bootstrap-controller $controller",
                CONFIGS + "--bootstrap-controller $controller --describe --entity-type brokers --entity-name 1",
                CONFIGS + "--bootstrap-controller $controller --describe --entity-type brokers --entity-default",
                CONFIGS + "--bootstrap-controller $controller --alter --entity-type brokers --entity-default"
                        + " --add-config log.cleaner.threads=2",
                CONFIGS + "--bootstrap-controller $controller --alter --entity-type brokers --entity-default"
                        + " --delete-config log.cleaner.threads",
                CONFIGS + "--bootstrap-controller $controller --alter --entity-type topics --entity-name orders"
                        + " --add-config retention.ms=5000",
                CONFIGS + "--bootstrap-controller $controller --describe --entity-type topics --entity-name orders",
                "AclCommand --bootstrap-controller $controller --list",
                FEATURES + "--bootstrap-server $broker upgrade --feature metadata.version=30",
                FEATURES + "--bootstrap-server $broker upgrade --feature metadata.version=99",
                FEATURES + "--bootstrap-server $broker downgrade --feature metadata.version=31",
                FEATURES + "--bootstrap-server $broker upgrade --feature no.such=1",
                FEATURES + "--bootstrap-server $broker upgrade --feature group.version=2",
                FEATURES + "--bootstrap-server $broker upgrade --feature group.version=1",
                FEATURES + "--bootstrap-server $broker upgrade --metadata 4.3-IV0",
                FEATURES + "--bootstrap-server $broker disable --feature no.such",
                FEATURES + "--bootstrap-controller $controller upgrade --feature transaction.version=2",
                FEATURES + "--bootstrap-controller $controller upgrade --feature transaction.version=9",
                FEATURES + "--bootstrap-server $broker version-mapping --release-version 4.3-IV0",
                FEATURES + "--bootstrap-server $broker feature-dependencies --feature transaction.version=2",
                QUORUM + "--bootstrap-server $broker remove-controller --controller-id 9"
                        + " --controller-directory-id AAAAAAAAAAAAAAAAAAAAAQ",
            })
    void shouldPrintTheSame(String line) {
        BOTH.run(line)
                .replacing("(Suppressed: \\S+: |Exception: ).*", "$1SENTENCE")
                .replacing("(Could not \\w+ \\S+( to \\d+)?\\. ).*", "$1SENTENCE")
                .replacing("\\d+ ms ago|ID \\d+ 0 \\d+ \\d+|ID \\d+|MS", "N")
                .replacing("(LeaderEpoch|HighWatermark|MaxFollowerLag\\w*):\\s*-?\\d+", "$1")
                .same();
    }

    @Test
    void shouldChangeSettingsOfGroupsAndSubscriptions() {
        for (String line : List.of(
                CONFIGS + "--alter --entity-type groups --entity-name own --add-config"
                        + " consumer.session.timeout.ms=50000,share.auto.offset.reset=earliest",
                CONFIGS + "--describe --entity-type groups --entity-name own",
                CONFIGS + "--describe --entity-type groups",
                CONFIGS + "--alter --entity-type groups --entity-name own --delete-config consumer.session.timeout.ms",
                CONFIGS + "--describe --entity-type groups --entity-name own",
                METRICS + "--alter --name sub --metrics org.apache.kafka.producer.,org.apache.kafka.consumer."
                        + " --interval 1000 --match client_id=a.*",
                METRICS + "--describe --name sub",
                METRICS + "--describe",
                METRICS + "--list",
                CONFIGS + "--describe --entity-type client-metrics --entity-name sub",
                CONFIGS + "--alter --entity-type client-metrics --entity-name sub --delete-config match",
                METRICS + "--describe --name sub",
                METRICS + "--delete --name sub",
                METRICS + "--list")) {
            if (line.contains("--alter") || line.contains("--delete")) {
                BOTH.run(line).same();
            } else {
                BOTH.sameSoon(line);
            }
        }
    }

    @Test
    void shouldMovePartitionsToWhereTheyAre() throws IOException {
        Path folder = Folders.fresh("moves");
        Path topics = Files.writeString(
                folder.resolve("topics.json"),
                "{\"version\":1,\"topics\":[{\"topic\":\"moved\"},{\"topic\":\"orders\"}]}");
        Path here = Files.writeString(folder.resolve("here.json"), plan("moved", 1));
        Path away = Files.writeString(folder.resolve("away.json"), plan("moved", 2));
        Path absent = Files.writeString(folder.resolve("absent.json"), plan("absent", 1));
        for (String line : List.of(
                "--generate --broker-list 1 --topics-to-move-json-file " + topics,
                "--generate --broker-list 1,2 --topics-to-move-json-file " + topics,
                "--execute --reassignment-json-file " + here,
                "--verify --reassignment-json-file " + here,
                "--execute --throttle 1000 --reassignment-json-file " + here,
                "--verify --preserve-throttles --reassignment-json-file " + here,
                "--verify --reassignment-json-file " + here,
                "--cancel --reassignment-json-file " + here,
                "--list",
                "--execute --reassignment-json-file " + away,
                "--execute --reassignment-json-file " + absent,
                "--verify --reassignment-json-file " + absent,
                "--cancel --reassignment-json-file " + absent)) {
            BOTH.run(MOVES + line).same();
        }
        BOTH.sameSoon(CONFIGS + "--describe --entity-type topics --entity-name moved");
        BOTH.sameSoon(CONFIGS + "--describe --entity-type brokers");
    }

    /** The reference has features more: those of share and streams groups and of replicas. */
    @Test
    void shouldDescribeFeatures() {
        for (String server : List.of("--bootstrap-server $broker", "--bootstrap-controller $controller")) {
            for (String feature : List.of("metadata.version", "group.version", "transaction.version")) {
                BOTH.run(FEATURES + server + " describe")
                        .containing(feature)
                        .replacing("Epoch: \\d+", "Epoch")
                        .same();
            }
        }
    }

    @Test
    void shouldElectLeadersNamedInAFile() throws IOException {
        Path file = Folders.fresh("elections").resolve("partitions.json");
        Files.writeString(
                file,
                "{\"partitions\":[{\"topic\":\"orders\",\"partition\":0},{\"topic\":\"absent\",\"partition\":0}]}");
        BOTH.run(ELECT + "--election-type preferred --path-to-json-file " + file)
                .replacing("(Suppressed: \\S+: |Exception: ).*", "$1SENTENCE")
                .same();
    }

    private static String plan(String topic, int broker) {
        return "{\"version\":1,\"partitions\":[{\"topic\":\"" + topic + "\",\"partition\":0,\"replicas\":[" + broker
                + "],\"log_dirs\":[\"any\"]}]}";
    }

    private static void produce(BrokerProcess broker) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", 1000, "enable.idempotence", false);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 30; i++) {
                producer.send(new ProducerRecord<>("orders", i % 3, 1_600_000_000_000L + i, "key", "value"));
            }
        }
    }
}
