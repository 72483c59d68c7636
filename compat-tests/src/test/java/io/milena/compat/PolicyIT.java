package io.milena.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.compat.harness.BrokerProcess;
import io.milena.compat.harness.Differential;
import io.milena.compat.harness.RequestDifferential;
import io.milena.compat.harness.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Quotas, credentials of users and levels of features change, are shown and take effect as with the reference. */
class PolicyIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of("quota.window.num", "2"));

    private static final RequestDifferential REQUESTS = new RequestDifferential(BOTH);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String CONFIGS = "kafka.admin.ConfigCommand ";
    private static final String FEATURES = "FeatureCommand --bootstrap-server $broker ";

    @AfterAll
    static void close() {
        REQUESTS.close();
    }

    @Test
    void shouldKeepQuotasOfUsersClientsAndAddresses() {
        run(
                "--alter --entity-type users --entity-name ann --add-config producer_byte_rate=1024,consumer_byte_rate=2048",
                "--describe --entity-type users --entity-name ann",
                "--alter --entity-type users --entity-name ann --entity-type clients --entity-name app"
                        + " --add-config request_percentage=50.5",
                "--alter --entity-type users --entity-name ann --entity-type clients --entity-default"
                        + " --add-config controller_mutation_rate=3.5",
                "--describe --entity-type users --entity-name ann --entity-type clients",
                "--alter --entity-type users --entity-default --add-config consumer_byte_rate=9000000000",
                "--describe --entity-type users --entity-default",
                "--alter --entity-type clients --entity-default --add-config producer_byte_rate=77",
                "--alter --entity-type clients --entity-name app --add-config consumer_byte_rate=78",
                "--describe --entity-type clients",
                "--describe --entity-type clients --entity-name app",
                "--alter --entity-type clients --entity-name app --add-config connection_creation_rate=78",
                "--alter --entity-type clients --entity-name app --add-config no_such=1",
                "--alter --entity-type clients --entity-name app --add-config producer_byte_rate=-1",
                "--alter --entity-type clients --entity-name app --add-config producer_byte_rate=many",
                "--alter --entity-type clients --entity-name app --delete-config producer_byte_rate",
                "--alter --entity-type clients --entity-name absent --delete-config producer_byte_rate",
                "--alter --entity-type ips --entity-name 127.0.0.9 --add-config connection_creation_rate=500",
                "--alter --entity-type ips --entity-default --add-config connection_creation_rate=600",
                "--alter --entity-type ips --entity-name 127.0.0.9 --add-config producer_byte_rate=5",
                "--describe --entity-type ips",
                "--describe --entity-type ips --entity-default",
                "--alter --entity-type ips --entity-name 127.0.0.9 --delete-config connection_creation_rate",
                "--alter --entity-type ips --entity-default --delete-config connection_creation_rate",
                "--describe --entity-type ips",
                "--alter --entity-type users --entity-name ann --delete-config producer_byte_rate,consumer_byte_rate",
                "--describe --entity-type users --entity-name ann",
                "--alter --entity-type clients --entity-default --delete-config producer_byte_rate",
                "--alter --entity-type users --entity-default --delete-config consumer_byte_rate",
                "--alter --entity-type clients --entity-name app --delete-config consumer_byte_rate",
                "--describe --entity-type users --entity-type clients",
                "--describe --entity-type users");
    }

    @Test
    void shouldKeepCredentialsOfUsers() {
        run(
                "--alter --entity-type users --entity-name bob --add-config SCRAM-SHA-256=[iterations=8192,password=secret]",
                "--describe --entity-type users --entity-name bob",
                "--alter --entity-type users --entity-name bob --add-config SCRAM-SHA-512=[password=secret]",
                "--describe --entity-type users --entity-name bob",
                "--alter --entity-type users --entity-name bob --add-config SCRAM-SHA-256=[iterations=1,password=secret]",
                "--alter --entity-type users --entity-name bob --add-config SCRAM-SHA-256=[iterations=20000,password=secret]",
                "--alter --entity-type users --entity-name bob --add-config SCRAM-SHA-1=[password=secret]",
                "--alter --entity-type users --entity-default --add-config SCRAM-SHA-256=[password=secret]",
                "--alter --entity-type users --entity-name bob --delete-config SCRAM-SHA-256",
                "--alter --entity-type users --entity-name bob --delete-config SCRAM-SHA-256",
                "--alter --entity-type users --entity-name nobody --delete-config SCRAM-SHA-512",
                "--describe --entity-type users --entity-name bob",
                "--alter --bootstrap-controller $controller --entity-type users --entity-name bob"
                        + " --add-config SCRAM-SHA-256=[iterations=4096,password=other]",
                "--describe --entity-type users --entity-name bob",
                "--alter --entity-type users --entity-name bob --delete-config SCRAM-SHA-512,SCRAM-SHA-256",
                "--describe --entity-type users --entity-name bob");
    }

    @Test
    void shouldAnswerRequestsToChangeQuotas() {
        String quota = "producer_byte_rate";
        REQUESTS.same(
                ApiKeys.ALTER_CLIENT_QUOTAS,
                version -> quotas(),
                version -> quotas(entry(quota, 10, "user", "raw")),
                version -> quotas(entry(quota, 10.5, "user", "raw")),
                version -> quotas(entry(quota, 0, "user", "raw")),
                version -> quotas(entry(quota, -1, "user", "raw")),
                version -> quotas(entry(quota, 1e19, "user", "raw")),
                version -> quotas(entry("request_percentage", 0.25, "user", "raw")),
                version -> quotas(entry("request_percentage", 1e300, "user", "raw")),
                version -> quotas(entry("connection_creation_rate", 5, "user", "raw")),
                version -> quotas(entry("connection_creation_rate", 3e9, "ip", "127.0.0.1")),
                version -> quotas(entry("connection_creation_rate", 5, "ip", "127.0.0.300")),
                version -> quotas(entry("connection_creation_rate", 5, "ip", "")),
                version -> quotas(entry("connection_creation_rate", 5, "ip", "127.0.0.1", "user", "raw")),
                version -> quotas(entry("SCRAM-SHA-256", 5, "user", "raw")),
                version -> quotas(entry("no_such", 5, "user", "raw")),
                version -> quotas(entry(quota, 5)),
                version -> quotas(entry(quota, 5, "user", "")),
                version -> quotas(entry(quota, 5, "planet", "mars")),
                version -> quotas(entry(quota, 5, "client-id", null, "user", "raw")),
                version -> quotas(entry(quota, 5, "user", "raw"), entry(quota, 6, "user", "raw")),
                version -> quotas(entry(quota, 7, "user", "tried")).setValidateOnly(true),
                version -> quotas(entry(quota, 7, "planet", "tried")).setValidateOnly(true),
                version -> quotas(entry(quota, 7, "user", "one"), entry("no_such", 7, "user", "two")));
        REQUESTS.sameSoon(ApiKeys.DESCRIBE_CLIENT_QUOTAS, version -> filter(false));
        REQUESTS.sameSoon(ApiKeys.DESCRIBE_CLIENT_QUOTAS, version -> filter(false, "user", 0, "raw"));
        REQUESTS.sameSoon(ApiKeys.DESCRIBE_CLIENT_QUOTAS, version -> filter(true, "user", 0, "raw"));
        REQUESTS.sameSoon(ApiKeys.DESCRIBE_CLIENT_QUOTAS, version -> filter(true, "user", 2, null));
        REQUESTS.sameSoon(ApiKeys.DESCRIBE_CLIENT_QUOTAS, version -> filter(false, "client-id", 1, null));
        REQUESTS.sameSoon(
                ApiKeys.DESCRIBE_CLIENT_QUOTAS, version -> filter(true, "client-id", 2, null, "user", 0, "raw"));
        for (String user : List.of("raw", "one")) {
            for (String name : List.of(quota, "request_percentage")) {
                REQUESTS.same(ApiKeys.ALTER_CLIENT_QUOTAS, version -> quotas(removal(entry(name, 0, "user", user))));
            }
        }
        REQUESTS.same(
                ApiKeys.ALTER_CLIENT_QUOTAS,
                version -> quotas(removal(entry(quota, 0, "client-id", null, "user", "raw"))));
    }

    @Test
    void shouldAnswerRequestsToChangeCredentials() {
        REQUESTS.same(
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                version -> new AlterUserScramCredentialsRequestData(),
                version -> credentials(upsertion("carl", 1, 4096)),
                version -> credentials(upsertion("carl", 2, 16_384), upsertion("dora", 1, 5000)),
                version -> credentials(upsertion("carl", 2, 16_385)),
                version -> credentials(upsertion("carl", 1, 4095)),
                version -> credentials(upsertion("carl", 0, 4096)),
                version -> credentials(upsertion("carl", 3, 4096)),
                version -> credentials(upsertion("", 1, 4096)),
                version -> credentials(upsertion("twice", 1, 4096), upsertion("twice", 2, 4096)),
                version -> credentials(upsertion("dora", 1, 4096)).setDeletions(List.of(deletion("dora", 1))),
                version -> new AlterUserScramCredentialsRequestData()
                        .setDeletions(List.of(deletion("dora", 2), deletion("carl", 1))),
                version -> new AlterUserScramCredentialsRequestData().setDeletions(List.of(deletion("absent", 7))));
        REQUESTS.sameSoon(
                ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                version -> new DescribeUserScramCredentialsRequestData().setUsers(null));
        REQUESTS.same(
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                version -> new AlterUserScramCredentialsRequestData()
                        .setDeletions(List.of(deletion("dora", 1), deletion("carl", 2))));
    }

    @Test
    void shouldMoveLevelsOfFeatures() {
        for (String line : List.of(
                "downgrade --feature group.version=0 --dry-run",
                "upgrade --feature group.version=0",
                "downgrade --feature group.version=0",
                "downgrade --feature group.version=0",
                "downgrade --feature group.version=1",
                "downgrade --feature transaction.version=1",
                "upgrade --feature transaction.version=3",
                "downgrade --feature metadata.version=29",
                "downgrade --unsafe --feature metadata.version=29",
                "downgrade --metadata 4.2-IV1",
                "upgrade --metadata 4.2-IV1",
                "upgrade --feature transaction.version=2 --dry-run",
                "disable --feature transaction.version",
                "disable --feature metadata.version --dry-run")) {
            BOTH.run(FEATURES + line)
                    .replacing("(Can not disable \\S+\\. ).*", "$1SENTENCE")
                    .replacing("(Could not \\w+ \\S+( to \\d+)?\\. ).*", "$1SENTENCE")
                    .same();
        }
        for (String feature : List.of("group.version", "transaction.version", "metadata.version")) {
            BOTH.sameSoon(
                    FEATURES + "describe",
                    outcome -> outcome.containing(feature).replacing("Epoch: \\d+", "Epoch"));
        }
        REQUESTS.sameSoon(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                version -> new ConsumerGroupHeartbeatRequestData()
                        .setGroupId("g")
                        .setMemberId("m")
                        .setRebalanceTimeoutMs(1000)
                        .setSubscribedTopicNames(List.of("t"))
                        .setTopicPartitions(List.of()));
        REQUESTS.sameSoon(
                ApiKeys.CONSUMER_GROUP_DESCRIBE,
                version -> new ConsumerGroupDescribeRequestData().setGroupIds(List.of("g", "h")));
        REQUESTS.same(
                ApiKeys.UPDATE_FEATURES,
                version -> features("group.version", 1, 2),
                version -> features("group.version", 1, 1).setValidateOnly(true),
                version -> features("group.version", 1, 1),
                version -> features("transaction.version", 2, 1));
        for (String feature : List.of("group.version", "transaction.version")) {
            BOTH.sameSoon(
                    FEATURES + "describe",
                    outcome -> outcome.containing(feature).replacing("Epoch: \\d+", "Epoch"));
        }
        assertThat(REQUESTS.responses(
                                ApiKeys.API_VERSIONS,
                                new ApiVersionsRequestData()
                                        .setClientSoftwareName("raw")
                                        .setClientSoftwareVersion("1"))
                        .get(0))
                .contains("name=group.version, maxVersionLevel=1");
    }

    @Test
    void shouldSlowDownClientsOverTheirQuota() {
        BOTH.each(broker -> broker.topic("slow", 1, Map.of()));
        for (String quota : List.of("producer_byte_rate", "consumer_byte_rate")) {
            run("--alter --entity-type clients --entity-name slow --add-config " + quota + "=5000");
        }
        BOTH.sameSoon(CONFIGS + "--describe --entity-type clients --entity-name slow");
        BOTH.each(broker -> {
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(clientSettings(broker), new ByteArraySerializer(), new ByteArraySerializer())) {
                Waiting.until(
                        "a producer that is throttled",
                        TIMEOUT,
                        () -> {
                            send(producer);
                            return metric(producer.metrics(), "produce-throttle-time-max") > 0;
                        },
                        () -> "not throttled");
            }
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    clientSettings(broker), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                TopicPartition slow = new TopicPartition("slow", 0);
                consumer.assign(List.of(slow));
                Waiting.until(
                        "a consumer that is throttled",
                        TIMEOUT,
                        () -> {
                            consumer.seekToBeginning(List.of(slow));
                            consumer.poll(Duration.ofMillis(500));
                            return metric(consumer.metrics(), "fetch-throttle-time-max") > 0;
                        },
                        () -> "not throttled");
            }
            return broker;
        });
        run("--alter --entity-type clients --entity-name slow --delete-config producer_byte_rate,consumer_byte_rate");
    }

    private static Map<String, Object> clientSettings(BrokerProcess broker) {
        return Map.of("bootstrap.servers", broker.bootstrap(), "client.id", "slow", "enable.metrics.push", false);
    }

    private static void send(KafkaProducer<byte[], byte[]> producer) {
        try {
            producer.send(new ProducerRecord<>("slow", 0, null, new byte[10_000]))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static double metric(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(name))
                .mapToDouble(metric -> (double) metric.getValue().metricValue())
                .max()
                .orElseThrow();
    }

    private static void run(String... lines) {
        for (String line : lines) {
            if (line.startsWith("--describe")) {
                // The reference lists mechanisms in the order of a hash table.
                BOTH.sameSoon(
                        CONFIGS + line,
                        outcome -> outcome.replacing("(SCRAM-SHA-512=\\S+), (SCRAM-SHA-256=\\S+)", "$2, $1"));
            } else {
                BOTH.run(CONFIGS + line)
                        .replacing("(Suppressed: \\S+: |Exception: ).*", "$1SENTENCE")
                        .same();
            }
        }
    }

    private static AlterClientQuotasRequestData quotas(AlterClientQuotasRequestData.EntryData... entries) {
        return new AlterClientQuotasRequestData().setEntries(List.of(entries));
    }

    private static AlterClientQuotasRequestData.EntryData entry(String quota, double value, String... typesAndNames) {
        List<AlterClientQuotasRequestData.EntityData> entity = new ArrayList<>();
        for (int i = 0; i < typesAndNames.length; i += 2) {
            entity.add(new AlterClientQuotasRequestData.EntityData()
                    .setEntityType(typesAndNames[i])
                    .setEntityName(typesAndNames[i + 1]));
        }
        return new AlterClientQuotasRequestData.EntryData()
                .setEntity(entity)
                .setOps(List.of(
                        new AlterClientQuotasRequestData.OpData().setKey(quota).setValue(value)));
    }

    private static AlterClientQuotasRequestData.EntryData removal(AlterClientQuotasRequestData.EntryData entry) {
        entry.ops().forEach(operation -> operation.setRemove(true));
        return entry;
    }

    /** A type, a way to match and a name by turns. */
    private static DescribeClientQuotasRequestData filter(boolean strict, Object... components) {
        List<DescribeClientQuotasRequestData.ComponentData> filter = new ArrayList<>();
        for (int i = 0; i < components.length; i += 3) {
            filter.add(new DescribeClientQuotasRequestData.ComponentData()
                    .setEntityType((String) components[i])
                    .setMatchType(((Integer) components[i + 1]).byteValue())
                    .setMatch((String) components[i + 2]));
        }
        return new DescribeClientQuotasRequestData().setStrict(strict).setComponents(filter);
    }

    private static AlterUserScramCredentialsRequestData credentials(
            AlterUserScramCredentialsRequestData.ScramCredentialUpsertion... upsertions) {
        return new AlterUserScramCredentialsRequestData().setUpsertions(Arrays.asList(upsertions));
    }

    private static AlterUserScramCredentialsRequestData.ScramCredentialUpsertion upsertion(
            String user, int mechanism, int iterations) {
        return new AlterUserScramCredentialsRequestData.ScramCredentialUpsertion()
                .setName(user)
                .setMechanism((byte) mechanism)
                .setIterations(iterations)
                .setSalt(new byte[] {1, 2, 3})
                .setSaltedPassword(new byte[] {4, 5, 6});
    }

    private static AlterUserScramCredentialsRequestData.ScramCredentialDeletion deletion(String user, int mechanism) {
        return new AlterUserScramCredentialsRequestData.ScramCredentialDeletion()
                .setName(user)
                .setMechanism((byte) mechanism);
    }

    private static UpdateFeaturesRequestData features(String name, int level, int type) {
        UpdateFeaturesRequestData.FeatureUpdateKeyCollection updates =
                new UpdateFeaturesRequestData.FeatureUpdateKeyCollection();
        updates.add(new UpdateFeaturesRequestData.FeatureUpdateKey()
                .setFeature(name)
                .setMaxVersionLevel((short) level)
                .setUpgradeType((byte) type));
        return new UpdateFeaturesRequestData().setFeatureUpdates(updates);
    }
}
