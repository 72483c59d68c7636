package io.milena.compat;

import io.milena.compat.harness.Differential;
import io.milena.compat.harness.RequestDifferential;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData.DeleteAclsFilter;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.ExpireDelegationTokenRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A broker without authorizer, login, quotas and receiver of metrics answers as the reference does, in every version. */
class SecurityRequestsIT {

    @RegisterExtension
    static final Differential BOTH = Differential.with(Map.of());

    private static final RequestDifferential REQUESTS = new RequestDifferential(BOTH);

    @AfterAll
    static void close() {
        REQUESTS.close();
    }

    @Test
    void shouldAnswerWithoutAuthorizer() {
        REQUESTS.same(
                ApiKeys.DESCRIBE_ACLS,
                version -> rules(1, 1, 1, 1),
                version -> rules(2, 3, 2, 2),
                version -> rules(2, 4, 12, 3));
        REQUESTS.same(
                ApiKeys.CREATE_ACLS,
                version -> new CreateAclsRequestData(),
                version -> new CreateAclsRequestData().setCreations(List.of(rule("a"), rule("b"))));
        REQUESTS.same(
                ApiKeys.DELETE_ACLS,
                version -> new DeleteAclsRequestData(),
                version -> new DeleteAclsRequestData()
                        .setFilters(List.of(new DeleteAclsFilter()
                                .setResourceTypeFilter((byte) 2)
                                .setPatternTypeFilter((byte) 3)
                                .setOperation((byte) 2)
                                .setPermissionType((byte) 3))));
    }

    @Test
    void shouldAnswerForQuotasAndUsers() {
        REQUESTS.same(
                ApiKeys.DESCRIBE_CLIENT_QUOTAS,
                version -> new DescribeClientQuotasRequestData(),
                version -> new DescribeClientQuotasRequestData().setStrict(true),
                version -> quotas(component("user", 0, "x")),
                version -> quotas(component("user", 0, null)),
                version -> quotas(component("user", 1, null)),
                version -> quotas(component("user", 1, "x")),
                version -> quotas(component("user", 2, null)),
                version -> quotas(component("user", 3, null)),
                version -> quotas(component("", 2, null)),
                version -> quotas(component("planet", 2, null)),
                version -> quotas(component("user", 2, null), component("user", 2, null)),
                version -> quotas(component("user", 2, null), component("ip", 2, null)),
                version -> quotas(component("user", 2, null), component("client-id", 0, "y")));
        REQUESTS.same(
                ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                version -> new DescribeUserScramCredentialsRequestData().setUsers(null),
                version -> new DescribeUserScramCredentialsRequestData().setUsers(List.of()),
                version -> users("x", "y", "x"),
                version -> users(""));
    }

    @Test
    void shouldRefuseDelegationTokensWithoutLogin() {
        REQUESTS.same(ApiKeys.CREATE_DELEGATION_TOKEN, version -> new CreateDelegationTokenRequestData());
        REQUESTS.same(
                ApiKeys.RENEW_DELEGATION_TOKEN,
                version -> new RenewDelegationTokenRequestData().setHmac(new byte[] {1, 2}));
        REQUESTS.same(
                ApiKeys.EXPIRE_DELEGATION_TOKEN,
                version -> new ExpireDelegationTokenRequestData().setHmac(new byte[] {1, 2}));
        REQUESTS.same(
                ApiKeys.DESCRIBE_DELEGATION_TOKEN, version -> new DescribeDelegationTokenRequestData().setOwners(null));
        REQUESTS.same(ApiKeys.SASL_HANDSHAKE, version -> new SaslHandshakeRequestData().setMechanism("PLAIN"));
        REQUESTS.same(ApiKeys.SASL_AUTHENTICATE, version -> new SaslAuthenticateRequestData());
    }

    @Test
    void shouldAnswerWithoutReceiverOfMetrics() {
        REQUESTS.same(
                ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS,
                version -> new GetTelemetrySubscriptionsRequestData(),
                version -> new GetTelemetrySubscriptionsRequestData().setClientInstanceId(Uuid.randomUuid()));
        REQUESTS.same(
                ApiKeys.PUSH_TELEMETRY,
                version -> new PushTelemetryRequestData(),
                version -> new PushTelemetryRequestData().setClientInstanceId(Uuid.randomUuid()));
    }

    private static DescribeAclsRequestData rules(int resource, int pattern, int operation, int permission) {
        return new DescribeAclsRequestData()
                .setResourceTypeFilter((byte) resource)
                .setPatternTypeFilter((byte) pattern)
                .setOperation((byte) operation)
                .setPermissionType((byte) permission);
    }

    private static AclCreation rule(String topic) {
        return new AclCreation()
                .setResourceType((byte) 2)
                .setResourceName(topic)
                .setResourcePatternType((byte) 3)
                .setPrincipal("User:x")
                .setHost("*")
                .setOperation((byte) 3)
                .setPermissionType((byte) 3);
    }

    private static DescribeClientQuotasRequestData quotas(ComponentData... components) {
        return new DescribeClientQuotasRequestData().setComponents(List.of(components));
    }

    private static ComponentData component(String type, int match, String name) {
        return new ComponentData()
                .setEntityType(type)
                .setMatchType((byte) match)
                .setMatch(name);
    }

    private static DescribeUserScramCredentialsRequestData users(String... names) {
        return new DescribeUserScramCredentialsRequestData()
                .setUsers(Arrays.stream(names)
                        .map(name -> new UserName().setName(name))
                        .toList());
    }
}
