package io.milena.server.handler.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ApiVersionsRequest;
import io.milena.protocol.message.ApiVersionsResponse;
import io.milena.protocol.message.ApiVersionsResponse.ApiVersion;
import io.milena.protocol.message.ApiVersionsResponse.FinalizedFeature;
import io.milena.protocol.message.ApiVersionsResponse.SupportedFeature;
import io.milena.server.handler.cluster.FeatureLevels.Feature;
import io.milena.server.request.FakeHandler;
import io.milena.server.request.Handlers;
import io.milena.server.request.RequestContext;
import io.milena.server.request.TestRequests;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiVersionsHandlerTest {
    private static final FeatureLevels FEATURES = new FeatureLevels(
            12,
            List.of(
                    new Feature("group.version", (short) 0, (short) 1, (short) 1),
                    new Feature("metadata.version", (short) 7, (short) 29, (short) 29),
                    new Feature("share.version", (short) 0, (short) 1, (short) 0)));

    private final ApiVersionsHandler handler = new ApiVersionsHandler(this::handlers, () -> FEATURES);

    @Test
    void shouldAnnounceTheHandlersVersionsAndProduceFromZero() {
        ApiVersionsResponse response = call(4, software("apache-kafka-java", "4.3.1"));

        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(response.apiKeys())
                .containsExactly(
                        version(ApiKey.PRODUCE, 0, 13),
                        version(ApiKey.FETCH, 4, 18),
                        version(ApiKey.API_VERSIONS, 0, 4));
    }

    @Test
    void shouldAnnounceFeatures() {
        ApiVersionsResponse response = call(4, software("apache-kafka-java", "4.3.1"));

        assertThat(response.finalizedFeaturesEpoch()).isEqualTo(12);
        assertThat(response.supportedFeatures())
                .extracting(SupportedFeature::name)
                .containsExactly("group.version", "metadata.version", "share.version");
        assertThat(response.finalizedFeatures())
                .extracting(FinalizedFeature::name)
                .containsExactly("group.version", "metadata.version");
    }

    @Test
    void shouldHideFeaturesWithLevelZeroFromOlderClients() {
        ApiVersionsResponse response = call(3, software("librdkafka", "2.4.0"));

        assertThat(response.supportedFeatures())
                .containsExactly(new SupportedFeature()
                        .name("metadata.version")
                        .minVersion((short) 7)
                        .maxVersion((short) 29));
        assertThat(response.finalizedFeatures()).hasSize(2);
    }

    @Test
    void shouldRememberTheClientsSoftware() {
        RequestContext context = TestRequests.context(ApiKey.API_VERSIONS, 3);
        handler.handle(software("franz-go", "v1.19-5"), context);

        assertThat(context.connection().softwareName()).isEqualTo("franz-go");
        assertThat(context.connection().softwareVersion()).isEqualTo("v1.19-5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "x-", ".", "a b", "a_b", "ä"})
    void shouldRefuseSoftwareNamesThatAreNone(String name) {
        assertThat(call(3, software(name, "1")).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(call(3, software("client", name)).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(call(2, software(name, name)).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    private Handlers handlers() {
        return new Handlers(List.of(
                handler,
                FakeHandler.serial(ApiKey.FETCH, call -> {}),
                FakeHandler.overlapping(ApiKey.PRODUCE, call -> {})));
    }

    private ApiVersionsResponse call(int version, ApiVersionsRequest request) {
        RequestContext context = TestRequests.context(ApiKey.API_VERSIONS, version);
        return handler.handle(request, context).toCompletableFuture().join();
    }

    private static ApiVersionsRequest software(String name, String version) {
        return new ApiVersionsRequest().clientSoftwareName(name).clientSoftwareVersion(version);
    }

    private static ApiVersion version(ApiKey apiKey, int lowest, int highest) {
        return new ApiVersion().apiKey(apiKey.id()).minVersion((short) lowest).maxVersion((short) highest);
    }
}
