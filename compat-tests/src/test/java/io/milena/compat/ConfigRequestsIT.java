package io.milena.compat;

import io.milena.compat.harness.Differential;
import io.milena.compat.harness.RequestDifferential;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests about settings, with odd parts too, are answered as the reference answers them, in every version. */
class ConfigRequestsIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of("offsets.topic.num.partitions", "1"));

    private static final RequestDifferential REQUESTS = new RequestDifferential(BOTH);
    private static final int TOPIC = 2;
    private static final int BROKER = 4;
    private static final int LOGGER = 8;
    private static final int METRICS = 16;
    private static final int GROUP = 32;
    private static final int SET = 0;
    private static final int DELETE = 1;
    private static final int APPEND = 2;
    private static final int SUBTRACT = 3;

    @BeforeAll
    static void prepare() {
        BOTH.each(broker -> broker.topic("plain", 1, Map.of()));
        BOTH.each(broker -> broker.topic("tuned", 1, Map.of("retention.ms", "5000", "cleanup.policy", "compact")));
    }

    @AfterAll
    static void close() {
        REQUESTS.close();
    }

    @Test
    void shouldDescribe() {
        REQUESTS.same(
                ApiKeys.DESCRIBE_CONFIGS,
                version -> new DescribeConfigsRequestData(),
                version -> describe(TOPIC, "plain"),
                version -> describe(TOPIC, "tuned").setIncludeSynonyms(true),
                version -> describe(TOPIC, "tuned").setIncludeDocumentation(true),
                version -> keys(describe(TOPIC, "tuned"), "retention.ms", "no.such", "retention.ms"),
                version -> keys(describe(TOPIC, "tuned")),
                version -> describe(TOPIC, "absent"),
                version -> describe(TOPIC, ""),
                version -> describe(TOPIC, "sp ace"),
                version -> keys(describe(BROKER, "1"), "num.partitions", "log.retention.ms", "node.id"),
                version -> keys(describe(BROKER, "1"), "log.retention.hours").setIncludeSynonyms(true),
                version -> describe(BROKER, ""),
                version -> describe(BROKER, "2"),
                version -> describe(BROKER, "-1"),
                version -> describe(BROKER, "x"),
                version -> keys(describe(LOGGER, "1"), "no.such"),
                version -> describe(LOGGER, "2"),
                version -> describe(LOGGER, ""),
                version -> describe(METRICS, "").setIncludeSynonyms(true),
                version -> describe(METRICS, "unknown").setIncludeSynonyms(true),
                version -> describe(GROUP, ""),
                version -> describe(GROUP, "unknown"),
                version -> describe(GROUP, "unknown").setIncludeSynonyms(true).setIncludeDocumentation(true),
                version -> keys(describe(GROUP, "unknown"), "share.auto.offset.reset"),
                version -> describe(BROKER, "x".repeat(32_000)),
                version -> describe(TOPIC, "x".repeat(32_000)));
    }

    @Test
    void shouldListResources() {
        change(GROUP, "listed", SET, "consumer.session.timeout.ms", "50000");
        change(METRICS, "listed", SET, "metrics", "org.");
        REQUESTS.same(
                ApiKeys.LIST_CONFIG_RESOURCES,
                version -> list(),
                version -> list(METRICS),
                version -> list(GROUP),
                version -> list(BROKER, LOGGER, GROUP, GROUP),
                version -> list(TOPIC),
                version -> list(0),
                version -> list(1),
                version -> list(99, GROUP));
    }

    @Test
    void shouldChangeSettingsOfGroups() {
        for (String name : List.of("consumer", "share", "streams")) {
            change(GROUP, "g", SET, name + ".session.timeout.ms", "50000");
            change(GROUP, "g", SET, name + ".session.timeout.ms", "70000");
            change(GROUP, "g", SET, name + ".session.timeout.ms", "0");
            change(GROUP, "g", SET, name + ".session.timeout.ms", "soon");
            change(GROUP, "g", SET, name + ".session.timeout.ms", "");
            change(GROUP, "g", SET, name + ".heartbeat.interval.ms", "10000");
            change(GROUP, "g", SET, name + ".heartbeat.interval.ms", "20000");
            change(GROUP, "g", SET, name + ".heartbeat.interval.ms", "1");
            change(GROUP, "g", SET, name + ".assignment.interval.ms", "2000");
            change(GROUP, "g", SET, name + ".assignment.interval.ms", "99000");
        }
        for (String value : List.of("2", "3", "x", "-1")) {
            change(GROUP, "g", SET, "streams.num.standby.replicas", value);
            change(GROUP, "g", SET, "share.delivery.count.limit", value);
        }
        for (String value :
                List.of("earliest", "latest", "none", "by_duration:PT1H", "by_duration:-PT1H", "by_duration:x", "")) {
            change(GROUP, "g", SET, "share.auto.offset.reset", value);
        }
        for (String value : List.of("read_committed", "READ_COMMITTED", "x")) {
            change(GROUP, "g", SET, "share.isolation.level", value);
        }
        change(GROUP, "g", SET, "share.record.lock.duration.ms", "16000");
        change(GROUP, "g", SET, "share.record.lock.duration.ms", "1000");
        change(GROUP, "g", SET, "share.partition.max.record.locks", "5000");
        change(GROUP, "g", SET, "share.renew.acknowledge.enable", "perhaps");
        change(GROUP, "g", SET, "no.such", "1");
        change(GROUP, "g", SET, "retention.ms", "1");
        change(GROUP, "g", APPEND, "consumer.session.timeout.ms", "1");
        change(GROUP, "g", DELETE, "no.such", null);
        change(GROUP, "", SET, "consumer.session.timeout.ms", "50000");
        REQUESTS.same(ApiKeys.DESCRIBE_CONFIGS, version -> describe(GROUP, "g").setIncludeSynonyms(true));
        change(GROUP, "g", DELETE, "consumer.session.timeout.ms", null);
        REQUESTS.same(ApiKeys.DESCRIBE_CONFIGS, version -> describe(GROUP, "g").setIncludeSynonyms(true));
    }

    @Test
    void shouldChangeSubscriptionsToMetrics() {
        change(METRICS, "m", SET, "interval.ms", "100");
        change(METRICS, "m", SET, "interval.ms", "99");
        change(METRICS, "m", SET, "interval.ms", "3600001");
        change(METRICS, "m", SET, "interval.ms", "often");
        change(METRICS, "m", SET, "metrics", "org.apache.,*");
        change(METRICS, "m", SET, "metrics", "a,a");
        change(METRICS, "m", SET, "metrics", "a,,b");
        change(METRICS, "m", SET, "metrics", "");
        change(METRICS, "m", DELETE, "metrics", null);
        change(METRICS, "m", SET, "metrics", "a");
        change(METRICS, "m", APPEND, "metrics", "more");
        change(METRICS, "m", SUBTRACT, "metrics", "more,absent");
        change(METRICS, "m", SET, "match", "client_id=a.*,client_software_name=b");
        change(METRICS, "m", APPEND, "match", "client_source_port=1");
        for (String match :
                List.of("x", "planet=mars", "client_id=", "client_id=[", "client_id=a=b", " client_id = a ")) {
            change(METRICS, "m", SET, "match", match);
        }
        change(METRICS, "m", SET, "no.such", "1");
        change(METRICS, "", SET, "metrics", "x");
        change(METRICS, "m", APPEND, "interval.ms", "1");
        REQUESTS.same(
                ApiKeys.DESCRIBE_CONFIGS, version -> describe(METRICS, "m").setIncludeSynonyms(true));
    }

    @Test
    void shouldChangeSingleSettings() {
        REQUESTS.same(
                ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                version -> new IncrementalAlterConfigsRequestData(),
                version -> alter(resource(TOPIC, "plain")),
                version -> alter(resource(TOPIC, "absent")),
                version -> alter(resource(TOPIC, "plain", SET, "retention.ms", null)),
                version -> alter(resource(TOPIC, "plain", APPEND, "cleanup.policy", null)),
                version -> alter(resource(TOPIC, "plain", DELETE, "retention.ms", "5")),
                version -> alter(resource(TOPIC, "plain", SET, "", "5")),
                version -> alter(resource(TOPIC, "plain", SET, "retention.ms", "")),
                version -> alter(resource(TOPIC, "plain", SET, "retention.ms", "x".repeat(32_000))),
                version -> alter(resource(TOPIC, "x".repeat(32_000), SET, "retention.ms", "1")),
                version -> alter(resource(TOPIC, "plain", SET, "x".repeat(32_000), "1")),
                version -> alter(resource(BROKER, "x".repeat(32_000), SET, "log.cleaner.threads", "1")),
                version -> alter(resource(GROUP, "plain", SET, "x".repeat(32_000), "1")),
                version -> alter(resource(TOPIC, "plain", SET, "retention.ms", "99999999999999999999")),
                version -> alter(resource(TOPIC, "plain", SET, "cleanup.policy", "delete,delete")),
                version -> alter(resource(TOPIC, "plain", SET, "cleanup.policy", "")),
                version -> alter(resource(TOPIC, "plain", SET, "segment.bytes", "1.5e6")),
                version -> alter(resource(TOPIC, "plain", SET, "min.cleanable.dirty.ratio", "1.1")),
                version -> alter(resource(TOPIC, "plain", SET, "preallocate", "yes")),
                version -> alter(resource(TOPIC, "", SET, "retention.ms", "5")),
                version -> alter(resource(TOPIC, "sp ace", SET, "retention.ms", "5")),
                version -> alter(
                        resource(TOPIC, "plain", SET, "retention.ms", "5"),
                        resource(TOPIC, "plain", SET, "segment.ms", "5"),
                        resource(TOPIC, "tuned", SET, "segment.ms", "5")),
                version -> alter(resource(0, "plain", SET, "retention.ms", "5")),
                version -> alter(resource(3, "plain", SET, "retention.ms", "5")),
                version -> alter(resource(99, "plain", SET, "retention.ms", "5")),
                version -> alter(
                        resource(TOPIC, "tuned", SET, "retention.ms", "7"),
                        resource(GROUP, "both", SET, "consumer.session.timeout.ms", "55000"),
                        resource(METRICS, "both", SET, "interval.ms", "500"),
                        resource(TOPIC, "absent", SET, "retention.ms", "7")),
                version -> alter(resource(TOPIC, "plain", SET, "retention.ms", "never"))
                        .setValidateOnly(true),
                version -> alter(resource(TOPIC, "plain", SET, "retention.ms", "9"))
                        .setValidateOnly(true));
    }

    @Test
    void shouldChangeSettingsOfBrokers() {
        REQUESTS.same(
                ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                version -> alter(resource(BROKER, "1", SET, "log.cleaner.threads", "2")),
                version -> alter(resource(BROKER, "1", SET, "log.cleaner.threads", "0")),
                version -> alter(resource(BROKER, "1", SET, "node.id", "7")),
                version -> alter(resource(BROKER, "1", DELETE, "log.cleaner.threads", null)),
                version -> alter(resource(BROKER, "1", DELETE, "node.id", null)),
                version -> alter(resource(BROKER, "1", 9, "log.cleaner.threads", "2")),
                version -> alter(resource(BROKER, "1")),
                version -> alter(resource(BROKER, "2", SET, "log.cleaner.threads", "2")),
                version -> alter(resource(BROKER, "x", SET, "log.cleaner.threads", "2")),
                version -> alter(resource(BROKER, "", SET, "log.retention.ms", "never")),
                version -> alter(resource(BROKER, "", SET, "log.cleanup.policy", "compact,delete")),
                version -> alter(resource(BROKER, "", SUBTRACT, "log.cleanup.policy", "compact")),
                version -> alter(resource(BROKER, "", DELETE, "log.cleanup.policy", null)),
                version -> alter(resource(LOGGER, "2", SET, "root", "INFO")),
                version -> alter(resource(LOGGER, "", SET, "root", "INFO")),
                version -> alter(resource(LOGGER, "x", SET, "root", "INFO")));
    }

    @Test
    void shouldReplaceSettings() {
        REQUESTS.same(
                ApiKeys.ALTER_CONFIGS,
                version -> new AlterConfigsRequestData(),
                version -> replace(replacement(TOPIC, "plain", "retention.ms", "5")),
                version -> replace(replacement(TOPIC, "plain", "retention.ms", null)),
                version -> replace(replacement(TOPIC, "plain", "retention.ms", "x")),
                version -> replace(replacement(TOPIC, "plain", "no.such", "x")),
                version -> replace(
                        new AlterConfigsResource().setResourceType((byte) TOPIC).setResourceName("plain")),
                version -> replace(replacement(TOPIC, "absent", "retention.ms", "5")),
                version -> replace(replacement(TOPIC, "", "retention.ms", "5")),
                version -> replace(replacement(TOPIC, "sp ace", "retention.ms", "5")),
                version -> replace(replacement(LOGGER, "1", "root", "INFO")),
                version -> replace(replacement(0, "1", "root", "INFO")),
                version -> replace(replacement(99, "1", "root", "INFO")),
                version -> replace(replacement(BROKER, "2", "log.cleaner.threads", "2")),
                version -> replace(replacement(BROKER, "1", "log.cleaner.threads", "2")),
                version -> replace(new AlterConfigsResource()
                        .setResourceType((byte) BROKER)
                        .setResourceName("1")),
                version -> replace(replacement(GROUP, "r", "consumer.session.timeout.ms", "50000")),
                version -> replace(replacement(GROUP, "r", "share.session.timeout.ms", "50000")),
                version -> replace(replacement(GROUP, "r", "share.session.timeout.ms", "1")),
                version -> replace(replacement(METRICS, "r", "interval.ms", "1")),
                version -> replace(replacement(METRICS, "r", "interval.ms", "1000")),
                version -> replace(replacement(TOPIC, "plain", "retention.ms", "6"))
                        .setValidateOnly(true));
        REQUESTS.same(ApiKeys.DESCRIBE_CONFIGS, version -> describe(GROUP, "r"), version -> describe(METRICS, "r"));
    }

    private static void change(int type, String name, int operation, String setting, String value) {
        REQUESTS.same(
                ApiKeys.INCREMENTAL_ALTER_CONFIGS, version -> alter(resource(type, name, operation, setting, value)));
    }

    private static DescribeConfigsRequestData describe(int type, String name) {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData();
        request.resources()
                .add(new DescribeConfigsResource()
                        .setResourceType((byte) type)
                        .setResourceName(name)
                        .setConfigurationKeys(null));
        return request;
    }

    private static DescribeConfigsRequestData keys(DescribeConfigsRequestData request, String... names) {
        request.resources().get(0).setConfigurationKeys(List.of(names));
        return request;
    }

    private static ListConfigResourcesRequestData list(Integer... types) {
        return new ListConfigResourcesRequestData()
                .setResourceTypes(Arrays.stream(types).map(Integer::byteValue).toList());
    }

    private static IncrementalAlterConfigsRequestData alter(
            IncrementalAlterConfigsRequestData.AlterConfigsResource... resources) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().addAll(Arrays.asList(resources));
        return request;
    }

    private static IncrementalAlterConfigsRequestData.AlterConfigsResource resource(int type, String name) {
        return new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                .setResourceType((byte) type)
                .setResourceName(name);
    }

    private static IncrementalAlterConfigsRequestData.AlterConfigsResource resource(
            int type, String name, int operation, String setting, String value) {
        IncrementalAlterConfigsRequestData.AlterConfigsResource resource = resource(type, name);
        resource.configs()
                .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                        .setName(setting)
                        .setConfigOperation((byte) operation)
                        .setValue(value));
        return resource;
    }

    private static AlterConfigsRequestData replace(AlterConfigsResource... resources) {
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        request.resources().addAll(Arrays.asList(resources));
        return request;
    }

    private static AlterConfigsResource replacement(int type, String name, String setting, String value) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType((byte) type).setResourceName(name);
        resource.configs().add(new AlterableConfig().setName(setting).setValue(value));
        return resource;
    }
}
