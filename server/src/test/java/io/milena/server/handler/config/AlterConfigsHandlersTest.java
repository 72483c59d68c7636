package io.milena.server.handler.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterConfigsRequest;
import io.milena.protocol.message.AlterConfigsResponse;
import io.milena.protocol.message.IncrementalAlterConfigsRequest;
import io.milena.protocol.message.IncrementalAlterConfigsResponse;
import io.milena.server.cluster.ConfigOwner;
import io.milena.server.cluster.ManualCluster;
import io.milena.server.request.TestRequests;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlterConfigsHandlersTest {
    private static final int TOPIC = 2;
    private static final int BROKER = 4;
    private static final int LOGGER = 8;
    private static final int METRICS = 16;
    private static final int GROUP = 32;
    private static final int SET = 0;
    private static final int DELETE = 1;
    private static final int APPEND = 2;
    private static final int SUBTRACT = 3;

    private final ManualCluster cluster = new ManualCluster(Map.of("node.id", "1"));
    private final LoggerLevels loggers = new FakeLoggers();

    @BeforeEach
    void createTopic() {
        cluster.create("a", 1);
    }

    @Test
    void shouldChangeOneSettingAndLeaveTheOthers() {
        assertThat(change(TOPIC, "a", config("retention.ms", SET, "5"), config("segment.ms", SET, "7")))
                .isEqualTo(ErrorCode.NONE);
        assertThat(change(TOPIC, "a", config("retention.ms", DELETE, null))).isEqualTo(ErrorCode.NONE);
        assertThat(topicConfigs()).containsExactly(Map.entry("segment.ms", "7"));
    }

    @Test
    void shouldAddToListsAndTakeFromThem() {
        assertThat(change(TOPIC, "a", config("cleanup.policy", APPEND, "compact,delete")))
                .isEqualTo(ErrorCode.NONE);
        assertThat(topicConfigs()).containsEntry("cleanup.policy", "delete,compact");
        assertThat(change(TOPIC, "a", config("cleanup.policy", SUBTRACT, "delete")))
                .isEqualTo(ErrorCode.NONE);
        assertThat(topicConfigs()).containsEntry("cleanup.policy", "compact");
        assertThat(change(TOPIC, "a", config("retention.ms", APPEND, "1"))).isEqualTo(ErrorCode.INVALID_CONFIG);
    }

    @Test
    void shouldChangeLevelsOfTheLog() {
        assertThat(change(LOGGER, "1", config("root", SET, "DEBUG"), config("io.milena", SET, "ERROR")))
                .isEqualTo(ErrorCode.NONE);
        assertThat(loggers.levels()).containsEntry("root", "DEBUG").containsEntry("io.milena", "ERROR");
        assertThat(change(LOGGER, "1", config("io.milena", DELETE, null))).isEqualTo(ErrorCode.NONE);
        assertThat(call(true, resource(LOGGER, "1", config("root", SET, "TRACE")))
                        .responses()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.NONE);
        assertThat(loggers.levels()).containsEntry("root", "DEBUG").containsEntry("io.milena", "DEBUG");
    }

    @Test
    void shouldRefuseLevelsThatMakeNoSense() {
        assertThat(change(LOGGER, "1", config("io.milena", SET, "TRACE"), config("root", SET, "LOUD")))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(change(LOGGER, "1", config("no.such", SET, "INFO"))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(change(LOGGER, "1", config("root", DELETE, null))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(LOGGER, "1", config("root", APPEND, "INFO"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(LOGGER, "1", config("root", 9, "INFO"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(LOGGER, "2", config("root", SET, "INFO"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(loggers.levels()).containsEntry("root", "INFO").containsEntry("io.milena", "WARN");
    }

    @Test
    void shouldReplaceAllSettings() {
        change(TOPIC, "a", config("retention.ms", SET, "5"));
        assertThat(replace("a", "segment.ms", "7")).isEqualTo(ErrorCode.NONE);
        assertThat(topicConfigs()).containsExactly(Map.entry("segment.ms", "7"));
        assertThat(replace("a", "segment.ms", null)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(replace("b", "segment.ms", "7")).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldRefuseAsKafkaDoes() {
        assertThat(change(TOPIC, "a", config("odd", SET, "1"))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(change(TOPIC, "a", config("retention.ms", SET, "x"))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(change(TOPIC, "a", config("retention.ms", SET, null))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(TOPIC, "a", config("retention.ms", 9, "1"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(TOPIC, "a", config("retention.ms", SET, "1"), config("retention.ms", SET, "2")))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(TOPIC, "")).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(TOPIC, "b")).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(change(BROKER, "2")).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(BROKER, "1", config("num.partitions", SET, "3"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(3, "a")).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(topicConfigs()).isEmpty();
    }

    @Test
    void shouldAnswerEveryResourceAndRefuseRepeatedOnes() {
        IncrementalAlterConfigsResponse response = call(
                false,
                resource(TOPIC, "a", config("retention.ms", SET, "5")),
                resource(BROKER, "1", config("log.cleaner.threads", SET, "2")),
                resource(TOPIC, "a", config("segment.ms", SET, "5")));
        assertThat(response.responses())
                .extracting(IncrementalAlterConfigsResponse.Resource::errorCode)
                .containsExactly(ErrorCode.INVALID_REQUEST, ErrorCode.NONE, ErrorCode.INVALID_REQUEST);
        assertThat(topicConfigs()).isEmpty();
    }

    @Test
    void shouldOnlyTryWhenAsked() {
        assertThat(call(true, resource(TOPIC, "a", config("retention.ms", SET, "5")))
                        .responses()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.NONE);
        assertThat(topicConfigs()).isEmpty();
    }

    @Test
    void shouldPreferSettingsOfTheBrokerToThoseOfAllAndThoseToItsFile() {
        change(BROKER, "", config("message.max.bytes", SET, "2000"), config("log.cleaner.threads", SET, "2"));
        change(BROKER, "1", config("message.max.bytes", SET, "3000"));
        assertThat(shown("message.max.bytes")).isEqualTo("3000");
        assertThat(shown("log.cleaner.threads")).isEqualTo("2");
        change(BROKER, "1", config("message.max.bytes", DELETE, null));
        assertThat(shown("message.max.bytes")).isEqualTo("2000");
        change(BROKER, "", config("message.max.bytes", DELETE, null));
        assertThat(shown("message.max.bytes")).isEqualTo("1048588");
    }

    @Test
    void shouldNotLetBrokersContradictTheirTopics() {
        change(TOPIC, "a", config("min.compaction.lag.ms", SET, "100"));
        assertThat(change(BROKER, "", config("log.cleaner.max.compaction.lag.ms", SET, "10")))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(shown("log.cleaner.max.compaction.lag.ms")).isEqualTo(String.valueOf(Long.MAX_VALUE));
    }

    @Test
    void shouldKeepSettingsOfGroups() {
        assertThat(change(GROUP, "g", config("consumer.session.timeout.ms", SET, "50000")))
                .isEqualTo(ErrorCode.NONE);
        assertThat(change(GROUP, "g", config("consumer.session.timeout.ms", SET, "61000")))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(change(GROUP, "g", config("share.auto.offset.reset", SET, "by_duration:-PT1H")))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(change(GROUP, "g", config("retention.ms", SET, "1"))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(change(GROUP, "", config("consumer.session.timeout.ms", SET, "50000")))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(configs(ConfigOwner.group("g"))).containsExactly(Map.entry("consumer.session.timeout.ms", "50000"));
        assertThat(change(GROUP, "g", config("consumer.session.timeout.ms", DELETE, null)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(cluster.controller().image().ownerConfigs()).isEmpty();
    }

    @Test
    void shouldKeepSubscriptionsToMetrics() {
        assertThat(change(METRICS, "m", config("interval.ms", SET, "100"), config("match", SET, "client_id=a.*")))
                .isEqualTo(ErrorCode.NONE);
        assertThat(change(METRICS, "m", config("interval.ms", SET, "99"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(METRICS, "m", config("match", SET, "client_id=["))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(change(METRICS, "m", config("odd", SET, "1"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(METRICS, "m", config("metrics", APPEND, "a"))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(configs(ConfigOwner.clientMetrics("m"))).containsEntry("interval.ms", "100");
    }

    @Test
    void shouldAnswerWhateverLengthNamesHave() {
        String name = "x".repeat(32_000);
        assertThat(change(TOPIC, "a", config("retention.ms", SET, name))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(change(TOPIC, "a", config(name, SET, "1"))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(change(BROKER, name, config("log.cleaner.threads", SET, "1")))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(change(METRICS, "m", config(name, SET, "1"))).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldSayWhenNothingCanBeStored() {
        cluster.breakDisk();
        assertThat(change(TOPIC, "a", config("retention.ms", SET, "5"))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    private Map<String, String> configs(ConfigOwner owner) {
        return cluster.controller().image().configs(owner);
    }

    private Map<String, String> topicConfigs() {
        return cluster.controller().image().topics().iterator().next().configs();
    }

    private @Nullable String shown(String name) {
        return cluster.controller().settings().entries().stream()
                .filter(entry -> entry.setting().name().equals(name))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private ErrorCode replace(String topic, String name, @Nullable String value) {
        AlterConfigsRequest request = new AlterConfigsRequest()
                .resources(List.of(new AlterConfigsRequest.Resource()
                        .resourceType((byte) TOPIC)
                        .resourceName(topic)
                        .configs(List.of(
                                new AlterConfigsRequest.Config().name(name).value(value)))));
        AlterConfigsResponse response = cluster.await(new AlterConfigsHandler(cluster.controller(), loggers)
                .handle(request, TestRequests.context(ApiKey.ALTER_CONFIGS, 2)));
        return response.responses().get(0).errorCode();
    }

    private ErrorCode change(int type, String name, IncrementalAlterConfigsRequest.Config... configs) {
        IncrementalAlterConfigsResponse.Resource answer =
                call(false, resource(type, name, configs)).responses().get(0);
        assertThat(answer.resourceName()).isEqualTo(name);
        assertThat(answer.resourceType()).isEqualTo((byte) type);
        String message = answer.errorMessage();
        assertThat(message == null ? 0 : message.length()).isLessThan(1000);
        return answer.errorCode();
    }

    private IncrementalAlterConfigsResponse call(
            boolean validateOnly, IncrementalAlterConfigsRequest.Resource... resources) {
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest()
                .resources(List.of(resources))
                .validateOnly(validateOnly);
        return cluster.await(new IncrementalAlterConfigsHandler(cluster.controller(), loggers)
                .handle(request, TestRequests.context(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1)));
    }

    private static IncrementalAlterConfigsRequest.Resource resource(
            int type, String name, IncrementalAlterConfigsRequest.Config... configs) {
        return new IncrementalAlterConfigsRequest.Resource()
                .resourceType((byte) type)
                .resourceName(name)
                .configs(Arrays.asList(configs));
    }

    private static IncrementalAlterConfigsRequest.Config config(String name, int operation, @Nullable String value) {
        return new IncrementalAlterConfigsRequest.Config()
                .name(name)
                .configOperation((byte) operation)
                .value(value);
    }
}
