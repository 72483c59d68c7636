package io.milena.server;

import io.milena.server.config.BrokerSettings;
import io.milena.server.handler.security.CreateAclsHandler;
import io.milena.server.handler.security.CreateDelegationTokenHandler;
import io.milena.server.handler.security.DeleteAclsHandler;
import io.milena.server.handler.security.DescribeAclsHandler;
import io.milena.server.handler.security.DescribeDelegationTokenHandler;
import io.milena.server.handler.security.ExpireDelegationTokenHandler;
import io.milena.server.handler.security.RenewDelegationTokenHandler;
import io.milena.server.handler.security.SaslAuthenticateHandler;
import io.milena.server.handler.security.SaslHandshakeHandler;
import io.milena.server.handler.telemetry.GetTelemetrySubscriptionsHandler;
import io.milena.server.handler.telemetry.PushTelemetryHandler;
import io.milena.server.request.ApiHandler;
import java.util.List;
import java.util.UUID;

/** The list of what a broker answers because it has no authorizer, no login and no receiver of metrics. */
final class UnsecuredHandlers {
    private UnsecuredHandlers() {}

    static List<ApiHandler<?, ?>> all(BrokerSettings settings) {
        return List.of(
                new DescribeAclsHandler(),
                new CreateAclsHandler(),
                new DeleteAclsHandler(),
                new CreateDelegationTokenHandler(),
                new RenewDelegationTokenHandler(),
                new ExpireDelegationTokenHandler(),
                new DescribeDelegationTokenHandler(),
                new SaslHandshakeHandler(),
                new SaslAuthenticateHandler(),
                new GetTelemetrySubscriptionsHandler(settings.telemetryMaxBytes(), UUID::randomUUID),
                new PushTelemetryHandler(settings.telemetryMaxBytes()));
    }
}
