package io.milena.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.wire.ProtocolException;
import io.milena.protocol.wire.Reader;
import java.util.Arrays;
import java.util.Objects;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ApiKeyTest {

    @Test
    void shouldHaveTheApisOfABrokerListener() {
        assertThat(Arrays.stream(ApiKey.values()).map(ApiKey::name))
                .containsExactlyElementsOf(
                        ApiKeys.brokerApis().stream().map(ApiKeys::name).toList());
    }

    @ParameterizedTest
    @EnumSource
    void shouldAgreeWithKafkaAboutVersionsAndHeaders(ApiKey key) {
        ApiKeys kafka = ApiKeys.forId(key.id());
        assertThat(key.apiName()).isEqualTo(kafka.name);
        assertThat(key.versions()).isEqualTo(new Versions(kafka.oldestVersion(), kafka.latestVersion(false)));
        for (int version = kafka.oldestVersion(); version <= kafka.latestVersion(true); version++) {
            int headerVersion = kafka.requestHeaderVersion((short) version);
            assertThat(key.requestHeaderVersion(version)).isEqualTo(headerVersion);
            assertThat(key.flexible(version)).isEqualTo(headerVersion == 2);
            assertThat(key.responseHeaderVersion(version)).isEqualTo(kafka.responseHeaderVersion((short) version));
        }
    }

    @Test
    void shouldFindApisById() {
        assertThat(Arrays.stream(ApiKey.values()).map(key -> ApiKey.forId(key.id())))
                .containsExactly(ApiKey.values());
        for (int id = -2; id < 200; id++) {
            int wanted = id;
            boolean known = Arrays.stream(ApiKey.values()).anyMatch(key -> key.id() == wanted);
            assertThat(Objects.nonNull(ApiKey.forId(id))).isEqualTo(known);
        }
    }

    @Test
    void shouldReadRequestsAndResponses() {
        HeartbeatRequest request =
                new HeartbeatRequest().groupId("g").generationId(3).memberId("m");
        HeartbeatResponse response = new HeartbeatResponse().errorCode(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(ApiKey.HEARTBEAT.readRequest(new Reader(OurMessages.write(request, 4)), 4))
                .isEqualTo(request);
        assertThat(ApiKey.HEARTBEAT.readResponse(new Reader(OurMessages.write(response, 0)), 0))
                .isEqualTo(response);
    }

    @Test
    void shouldRefuseUnknownVersions() {
        Reader reader = new Reader(OurMessages.write(new HeartbeatRequest(), 4));
        assertThatThrownBy(() -> ApiKey.HEARTBEAT.readRequest(reader, 5)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> OurMessages.write(new HeartbeatRequest(), -1)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void shouldKnowWhichVersionsItContains() {
        Versions versions = new Versions((short) 3, (short) 5);
        assertThat(new boolean[] {versions.contains(2), versions.contains(3), versions.contains(5), versions.contains(6)
                })
                .containsExactly(false, true, true, false);
        assertThat(versions).hasToString("3-5");
    }
}
