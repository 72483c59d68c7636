package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.Member;
import io.milena.compat.harness.StockTool;
import io.milena.compat.harness.Transcript;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kafka's own tools print the same, character for character, whether they talk to the reference or to the selected broker.
 * Only the sentence that explains an error may be another one.
 */
@TestMethodOrder(MethodOrderer.MethodName.class)
class StockToolsIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of("offsets.topic.num.partitions", "1"));

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** The figures that differ from run to run: all but the number of records. */
    private static final String FIGURES = "[0-9]+\\.[0-9]+|\\b(?!20000\\b)[0-9]+(th)?\\b";

    private static final String TOPICS = "TopicCommand ";
    private static final String GROUPS = "consumer.group.ConsumerGroupCommand ";
    private static final String CONFIGS = "kafka.admin.ConfigCommand ";

    /** Topic {@code orders} with 3 partitions of 20 records each, and group {@code billing} that has read half of them. */
    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> {
            createOrders(broker);
            StockTool.of("consumer.ConsoleConsumer")
                    .run(("--topic orders --group billing --max-messages 60 --timeout-ms 30000 --from-beginning"
                                    + " --bootstrap-server " + broker.bootstrap())
                            .split(" "))
                    .succeeded();
            return broker;
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TOPICS + "--list",
                TOPICS + "--list --exclude-internal",
                TOPICS + "--describe --topic orders",
                TOPICS + "--describe --topic absent",
                TOPICS + "--describe --under-replicated-partitions",
                TOPICS + "--describe --topics-with-overrides",
                TOPICS + "--create --topic orders",
                TOPICS + "--create --topic with/slash",
                TOPICS + "--create --topic wide --partitions 0",
                TOPICS + "--create --topic wide --replication-factor 3",
                TOPICS + "--create --topic wide --config cleanup.policy=burn",
                TOPICS + "--delete --topic absent",
                "GetOffsetShell --topic orders",
                "GetOffsetShell --topic orders --time -2",
                "GetOffsetShell --topic-partitions orders:1 --time -3",
                "GetOffsetShell --topic orders --time 1600000000005",
                GROUPS + "--list",
                GROUPS + "--list --state",
                GROUPS + "--describe --group billing",
                GROUPS + "--describe --group billing --state",
                GROUPS + "--describe --group billing --members",
                GROUPS + "--describe --group absent",
                GROUPS + "--describe --all-groups",
                "GroupsCommand --list",
                "ClusterTool cluster-id",
                "ClusterTool list-endpoints",
                CONFIGS + "--describe --entity-type topics --entity-name orders",
                CONFIGS + "--describe --entity-type topics --entity-name orders --all",
                CONFIGS + "--describe --entity-type topics --entity-name absent",
                CONFIGS + "--describe --entity-type brokers --entity-name 1",
                CONFIGS + "--describe --entity-type brokers --entity-default",
                "DumpLogSegments --print-data-log --files $data/orders-0/00000000000000000000.log",
            })
    void shouldPrintTheSame(String line) {
        BOTH.run(line).same();
    }

    /** Milena has defaults of its own for what the reference wants to be told, and for the folder of the data. */
    @Test
    void shouldDescribeAllSettingsOfBroker() {
        BOTH.run(CONFIGS + "--describe --entity-type brokers --entity-name 1 --all")
                .replacing("^(log\\.dir|node\\.id|process\\.roles|controller\\.listener\\.names)=.*", "$1")
                .same();
    }

    @Test
    void shouldCreateAndDeleteTopics() {
        for (String line : List.of(
                "--create --topic life --partitions 2 --config retention.ms=3600000 --config cleanup.policy=compact",
                "--describe --topic life",
                "--create --topic life --if-not-exists",
                "--delete --topic life",
                "--list --exclude-internal")) {
            BOTH.run(TOPICS + line).same();
        }
    }

    @Test
    void shouldResetAndDeleteOffsetsOfGroups() {
        String group = "--group reset ";
        for (String line : List.of(
                "--reset-offsets --to-offset 4 --topic orders --execute",
                "--describe",
                "--reset-offsets --to-earliest --topic orders:1 --dry-run",
                "--reset-offsets --shift-by 3 --topic orders:1 --execute",
                "--reset-offsets --to-datetime 2020-09-13T12:26:40.007 --topic orders:2 --execute",
                "--describe",
                "--delete-offsets --topic orders:0",
                "--describe",
                "--delete",
                "--delete",
                "--describe")) {
            BOTH.run(GROUPS + group + line).same();
        }
    }

    @Test
    void shouldDescribeRunningGroup() {
        List<Member> members = BOTH.each(broker -> Member.start(
                "reader", "orders", List.of("bootstrap.servers=" + broker.bootstrap(), "group.id=running")));
        try {
            for (Member member : members) {
                Waiting.until("the records", TIMEOUT, () -> member.records().size() == 60, member::toString);
            }
            for (String line : List.of(
                    GROUPS + "--describe --group running --members --verbose",
                    GROUPS + "--describe --group running --state",
                    GROUPS + "--describe --group running",
                    GROUPS + "--delete --group running",
                    GROUPS + "--reset-offsets --to-earliest --topic orders --group running --execute",
                    GROUPS + "--list --state stable",
                    "GroupsCommand --list")) {
                BOTH.run(line).same();
            }
        } finally {
            members.forEach(Member::close);
        }
    }

    @Test
    void shouldStoreCommittedOffsetsAsTheReference() {
        String line = "DumpLogSegments --offsets-decoder --files $data/__consumer_offsets-0/00000000000000000000.log";
        BOTH.run(line)
                .containing("\"group\":\"billing\",\"topic\":\"orders\"")
                .replacing("^.*key: ", "")
                .same();
    }

    @Test
    void shouldPassClientCompatibilityTest() {
        Transcript transcript = BOTH.runAlone("ClientCompatibilityTest --topic compatibility"
                        + " --offsets-for-times-supported true --cluster-id-supported true"
                        + " --expect-record-too-large-exception false --num-cluster-nodes 1"
                        + " --create-topics-supported true --describe-acls-supported true"
                        + " --describe-configs-supported true --idempotent-producer-supported true")
                .same();
        assertThat(transcript.exit()).isZero();
    }

    @Test
    void shouldRunVerifiableProducerAndConsumer() {
        BOTH.each(broker -> broker.topic("verifiable", 1, Map.of()));
        BOTH.runAlone("VerifiableProducer --topic verifiable --max-messages 500")
                .replacing("\"avg_throughput\":[0-9.]+", "")
                .same();
        BOTH.runAlone("VerifiableConsumer --topic verifiable --group-id verifiable --max-messages 500")
                .replacing("\"count\":\\d+|\"(minO|maxO|o)ffset\":\\d+", "NUMBER")
                .same();
        BOTH.run(GROUPS + "--describe --group verifiable").same();
    }

    @Test
    void shouldRunPerformanceTools() {
        BOTH.each(broker -> broker.topic("fast", 2, Map.of()));
        BOTH.runAlone("ProducerPerformance --topic fast --num-records 20000 --record-size 100 --throughput -1")
                .replacing(FIGURES, "N")
                .same();
        BOTH.runAlone("ConsumerPerformance --topic fast --num-records 20000")
                .replacing(FIGURES, "N")
                .same();
    }

    @Test
    void shouldAdvertiseVersionsOfTheReference() {
        Differential.Outcome outcome = BOTH.run("BrokerApiVersionsCommand");
        List<String> advertised = outcome.subject().lines().stream()
                .filter(line -> !line.contains("UNSUPPORTED"))
                .toList();
        assertThat(outcome.subject().exit()).isZero();
        assertThat(advertised).hasSizeGreaterThan(20);
        assertThat(outcome.reference().lines()).containsAll(advertised);
    }

    /** One batch of 20 records in each partition, whose old timestamps retention would delete. */
    private static void createOrders(BrokerProcess broker) {
        broker.topic("orders", 3, Map.of("segment.bytes", "2000000", "retention.ms", "-1"));
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "enable.idempotence", false, "linger.ms", 1000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.partitionsFor("orders");
            for (int i = 0; i < 60; i++) {
                long timestamp = 1_600_000_000_000L + i / 3;
                producer.send(new ProducerRecord<>("orders", i % 3, timestamp, "key-" + i / 3, "order " + i));
            }
        }
    }
}
