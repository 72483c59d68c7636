package io.milena.server.handler.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeConfigsRequest;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.server.cluster.ManualCluster;
import io.milena.server.request.TestRequests;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DescribeConfigsHandlerTest {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte LOGGER = 8;
    private static final byte METRICS = 16;
    private static final byte GROUP = 32;

    private final ManualCluster cluster =
            new ManualCluster(Map.of("log.segment.bytes", "2097152", "ssl.key.password", "hush"));

    @Test
    void shouldDescribeATopicWithSourcesAndSynonyms() {
        cluster.create("a", 1);
        DescribeConfigsResponse.Result result = call(TOPIC, "a", null);
        assertThat(result.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(result.configs()).hasSize(33);
        assertThat(config(result, "segment.bytes"))
                .isEqualTo(new DescribeConfigsResponse.Config()
                        .name("segment.bytes")
                        .value("2097152")
                        .configSource((byte) 4)
                        .configType((byte) 3)
                        .documentation("Largest segment file, in bytes.")
                        .synonyms(List.of(
                                synonym("log.segment.bytes", "2097152", 4),
                                synonym("log.segment.bytes", "1073741824", 5))));
    }

    @Test
    void shouldDescribeOnlyTheKeysAskedForAndTakeNoKeysForAll() {
        cluster.create("a", 1);
        assertThat(call(TOPIC, "a", List.of("retention.ms", "unheard.of")).configs())
                .extracting(DescribeConfigsResponse.Config::name)
                .containsExactly("retention.ms");
        assertThat(call(TOPIC, "a", List.of()).configs()).hasSize(33);
    }

    @Test
    void shouldDescribeThisBroker() {
        DescribeConfigsResponse.Result result = call(BROKER, "1", null);
        assertThat(result.configs()).hasSizeGreaterThan(300);
        assertThat(config(result, "node.id").readOnly()).isTrue();
        assertThat(config(result, "log.retention.ms").readOnly()).isFalse();
        assertThat(call(BROKER, "", null).configs()).isEmpty();
    }

    @Test
    void shouldNotShowSecrets() {
        DescribeConfigsResponse.Config secret = config(call(BROKER, "1", null), "ssl.key.password");
        assertThat(secret.isSensitive()).isTrue();
        assertThat(secret.value()).isNull();
        assertThat(secret.synonyms()).containsExactly(synonym("ssl.key.password", null, 4));
    }

    @Test
    void shouldTellTheLevelOfItsLog() {
        assertThat(call(LOGGER, "1", null).configs())
                .extracting(DescribeConfigsResponse.Config::name, DescribeConfigsResponse.Config::value)
                .containsExactly(tuple("io.milena", "WARN"), tuple("root", "INFO"));
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertError(TOPIC, "b", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertError(TOPIC, "bad name", ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertError(BROKER, "2", ErrorCode.INVALID_REQUEST);
        assertError(BROKER, "one", ErrorCode.INVALID_REQUEST);
        assertError(LOGGER, "", ErrorCode.INVALID_REQUEST);
        assertError((byte) 0, "a", ErrorCode.INVALID_REQUEST);
        assertError(METRICS, "", ErrorCode.INVALID_REQUEST);
        assertError(GROUP, "", ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldShowDefaultsOfGroupsAndSubscriptionsNobodyChanged() {
        assertThat(call(GROUP, "g", List.of("consumer.session.timeout.ms")).configs())
                .singleElement()
                .satisfies(config -> assertThat(config.value()).isEqualTo("45000"));
        assertThat(call(METRICS, "m", null).configs()).hasSize(3);
    }

    private void assertError(byte type, String name, ErrorCode error) {
        DescribeConfigsResponse.Result result = call(type, name, null);
        assertThat(result.errorCode()).isEqualTo(error);
        assertThat(result.resourceType()).isEqualTo(type);
        assertThat(result.resourceName()).isEqualTo(name);
        assertThat(result.configs()).isEmpty();
    }

    private DescribeConfigsResponse.Result call(byte type, String name, @Nullable List<String> keys) {
        DescribeConfigsRequest request = new DescribeConfigsRequest()
                .resources(List.of(new DescribeConfigsRequest.Resource()
                        .resourceType(type)
                        .resourceName(name)
                        .configurationKeys(keys)))
                .includeSynonyms(true)
                .includeDocumentation(true);
        return cluster.await(new DescribeConfigsHandler(
                                cluster.controller(), cluster.controller()::settings, new FakeLoggers())
                        .handle(request, TestRequests.context(ApiKey.DESCRIBE_CONFIGS, 4)))
                .results()
                .get(0);
    }

    private static DescribeConfigsResponse.Config config(DescribeConfigsResponse.Result result, String name) {
        return result.configs().stream()
                .filter(config -> config.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static DescribeConfigsResponse.Synonym synonym(String name, @Nullable String value, int source) {
        return new DescribeConfigsResponse.Synonym().name(name).value(value).source((byte) source);
    }
}
