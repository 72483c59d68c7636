package io.milena.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.server.cluster.Controller.Mode;
import io.milena.server.cluster.CredentialChange.SaltedPassword;
import io.milena.server.cluster.FeatureUpdate.Direction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Levels of features, quotas and credentials: how they change and how they come back. */
class ClusterPolicyTest {
    private static final QuotaEntity USER = new QuotaEntity(List.of(new QuotaEntity.Part("user", "u")));
    private static final QuotaEntity DEFAULT_CLIENT =
            new QuotaEntity(List.of(new QuotaEntity.Part("user", "u"), new QuotaEntity.Part("client-id", null)));

    private final ManualCluster cluster = new ManualCluster(Map.of());

    @Test
    void shouldBringBackEverythingFromASnapshot() {
        quota(USER, "consumer_byte_rate", 5.0);
        quota(DEFAULT_CLIENT, "request_percentage", 0.5);
        credential("u", 1, 4096);
        credential("u", 2, 8192);
        cluster.await(cluster.controller()
                .updateFeatures(
                        List.of(new FeatureUpdate("group.version", (short) 0, Direction.DOWNGRADE)), Mode.APPLY));
        ClusterImage image = cluster.controller().image();
        ClusterImage again = ImageReplay.apply(image.withoutRecords(), ImageReplay.snapshot(image));
        assertThat(again.features()).isEqualTo(image.features());
        assertThat(again.features().level("group.version")).isZero();
        assertThat(again.features().level("metadata.version")).isEqualTo((short) 30);
        assertThat(again.quotas())
                .isEqualTo(Map.of(
                        USER, Map.of("consumer_byte_rate", 5.0), DEFAULT_CLIENT, Map.of("request_percentage", 0.5)));
        assertThat(again.credentials()).isEqualTo(image.credentials()).hasSize(2);
    }

    @Test
    void shouldChangeAllLevelsOrNone() {
        ChangeResult result = cluster.await(cluster.controller()
                .updateFeatures(
                        List.of(
                                new FeatureUpdate("group.version", (short) 0, Direction.DOWNGRADE),
                                new FeatureUpdate("absent", (short) 1, Direction.UPGRADE)),
                        Mode.APPLY));
        assertThat(result.error()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
        assertThat(cluster.controller().image().features()).isEqualTo(FinalizedFeatures.INITIAL);
        cluster.await(cluster.controller()
                .updateFeatures(
                        List.of(new FeatureUpdate("group.version", (short) 0, Direction.DOWNGRADE)),
                        Mode.VALIDATE_ONLY));
        assertThat(cluster.controller().image().features()).isEqualTo(FinalizedFeatures.INITIAL);
    }

    @ParameterizedTest
    @CsvSource({
        "user, producer_byte_rate, 1.5",
        "user, producer_byte_rate, 0",
        "user, producer_byte_rate, NaN",
        "user, producer_byte_rate, 1e30",
        "user, connection_creation_rate, 1",
        "user, no_such, 1",
        "ip, producer_byte_rate, 1",
        "ip, connection_creation_rate, 3e9",
        "planet, producer_byte_rate, 1",
    })
    void shouldRefuseQuotasThatMakeNoSense(String type, String quota, double value) {
        assertThat(quota(new QuotaEntity(List.of(new QuotaEntity.Part(type, "127.0.0.1"))), quota, value))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(cluster.controller().image().quotas()).isEmpty();
    }

    @Test
    void shouldTakeQuotasAwayOneByOne() {
        quota(USER, "producer_byte_rate", 5.0);
        quota(USER, "consumer_byte_rate", 6.0);
        quota(USER, "producer_byte_rate", null);
        quota(USER, "producer_byte_rate", null);
        assertThat(cluster.controller().image().quotas(USER)).isEqualTo(Map.of("consumer_byte_rate", 6.0));
        quota(USER, "consumer_byte_rate", null);
        assertThat(cluster.controller().image().quotas()).isEmpty();
    }

    @Test
    void shouldRefuseCredentialsThatMakeNoSense() {
        assertThat(credential("", 1, 4096)).isEqualTo(ErrorCode.UNACCEPTABLE_CREDENTIAL);
        assertThat(credential("u", 1, 4095)).isEqualTo(ErrorCode.UNACCEPTABLE_CREDENTIAL);
        assertThat(credential("u", 1, 16_385)).isEqualTo(ErrorCode.UNACCEPTABLE_CREDENTIAL);
        assertThat(credential("u", 3, 4096)).isEqualTo(ErrorCode.UNSUPPORTED_SASL_MECHANISM);
        assertThat(change(new CredentialChange("u", (byte) 1, null))).isEqualTo(ErrorCode.RESOURCE_NOT_FOUND);
        credential("u", 1, 4096);
        assertThat(change(new CredentialChange("u", (byte) 2, null))).isEqualTo(ErrorCode.RESOURCE_NOT_FOUND);
        assertThat(change(new CredentialChange("u", (byte) 1, null))).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.controller().image().credentials()).isEmpty();
    }

    /** The example of RFC 7677: user "user", password "pencil". */
    @Test
    void shouldDeriveTheKeysOfTheStandard() {
        byte[] salted = HexFormat.of().parseHex("c4a49510323ab4f952cac1fa99441939e78ea74d6be81ddf7096e87513dc615d");
        assertThat(HexFormat.of().formatHex(ScramMechanism.SHA_256.storedKey(salted)))
                .isEqualTo("586e5df283e6dceb5c3e791d8b8528ec191e664045ce971792e2e6b5bb13e2a6");
        assertThat(HexFormat.of().formatHex(ScramMechanism.SHA_256.serverKey(salted)))
                .isEqualTo("c1f3cbc1c13a9d35a14c0990eed97629ea225863e566a4314ab99f3f00e5d9d5");
    }

    private ErrorCode quota(QuotaEntity entity, String name, @Nullable Double value) {
        QuotaChange change = new QuotaChange(entity, List.of(new QuotaChange.Operation(name, value)));
        return cluster.await(cluster.controller().alterQuotas(List.of(change), Mode.APPLY))
                .get(0)
                .error();
    }

    private ErrorCode credential(String user, int mechanism, int iterations) {
        byte[] bytes = "secret".getBytes(StandardCharsets.US_ASCII);
        return change(new CredentialChange(user, (byte) mechanism, new SaltedPassword(iterations, bytes, bytes)));
    }

    private ErrorCode change(CredentialChange change) {
        return cluster.await(cluster.controller().alterCredentials(List.of(change)))
                .get(0)
                .error();
    }
}
