package io.milena.server;

import io.milena.server.cluster.Controller;
import io.milena.server.config.BrokerSettings;
import io.milena.server.handler.cluster.AddRaftVoterHandler;
import io.milena.server.handler.cluster.AlterPartitionReassignmentsHandler;
import io.milena.server.handler.cluster.ApiVersionsHandler;
import io.milena.server.handler.cluster.DescribeControllersHandler;
import io.milena.server.handler.cluster.DescribeQuorumHandler;
import io.milena.server.handler.cluster.ElectLeadersHandler;
import io.milena.server.handler.cluster.FeatureLevels;
import io.milena.server.handler.cluster.ListPartitionReassignmentsHandler;
import io.milena.server.handler.cluster.RemoveRaftVoterHandler;
import io.milena.server.handler.cluster.UnregisterBrokerHandler;
import io.milena.server.handler.cluster.UpdateFeaturesHandler;
import io.milena.server.handler.config.AlterConfigsHandler;
import io.milena.server.handler.config.DescribeConfigsHandler;
import io.milena.server.handler.config.IncrementalAlterConfigsHandler;
import io.milena.server.handler.config.LoggerLevels;
import io.milena.server.handler.security.AlterClientQuotasHandler;
import io.milena.server.handler.security.AlterUserScramCredentialsHandler;
import io.milena.server.handler.security.CreateAclsHandler;
import io.milena.server.handler.security.CreateDelegationTokenHandler;
import io.milena.server.handler.security.DeleteAclsHandler;
import io.milena.server.handler.security.DescribeAclsHandler;
import io.milena.server.handler.security.DescribeDelegationTokenHandler;
import io.milena.server.handler.security.DescribeUserScramCredentialsHandler;
import io.milena.server.handler.security.ExpireDelegationTokenHandler;
import io.milena.server.handler.security.RenewDelegationTokenHandler;
import io.milena.server.handler.security.SaslAuthenticateHandler;
import io.milena.server.handler.security.SaslHandshakeHandler;
import io.milena.server.handler.topic.CreatePartitionsHandler;
import io.milena.server.handler.topic.CreateTopicsHandler;
import io.milena.server.handler.topic.DeleteTopicsHandler;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.Handlers;
import io.milena.server.strand.Timers;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The list of what administrators may ask both a broker and the controller's own listener (KIP-919).
 *
 * @param settings the broker's
 * @param controller decides about the cluster, and knows it
 * @param timers of the broker
 * @param clock what time it is
 */
record AdminHandlers(BrokerSettings settings, Controller controller, Timers timers, Clock clock) {

    /** The levels of now. */
    FeatureLevels features() {
        return SupportedFeatures.levels(controller.image().features());
    }

    /** What both listeners answer alike. */
    List<ApiHandler<?, ?>> common() {
        LoggerLevels loggers = LogbackLevels.inUse();
        return List.of(
                new CreateTopicsHandler(controller, timers),
                new DeleteTopicsHandler(controller, settings, timers),
                new CreatePartitionsHandler(controller, timers),
                new DescribeConfigsHandler(controller, controller::settings, loggers),
                new AlterConfigsHandler(controller, loggers),
                new IncrementalAlterConfigsHandler(controller, loggers),
                new AlterPartitionReassignmentsHandler(controller),
                new ListPartitionReassignmentsHandler(),
                new DescribeQuorumHandler(controller, clock),
                new ElectLeadersHandler(controller),
                new UnregisterBrokerHandler(controller),
                new UpdateFeaturesHandler(controller),
                new AddRaftVoterHandler(controller),
                new RemoveRaftVoterHandler(controller),
                new DescribeAclsHandler(),
                new CreateAclsHandler(),
                new DeleteAclsHandler(),
                new AlterClientQuotasHandler(controller),
                new DescribeUserScramCredentialsHandler(controller),
                new AlterUserScramCredentialsHandler(controller),
                new CreateDelegationTokenHandler(),
                new RenewDelegationTokenHandler(),
                new ExpireDelegationTokenHandler(),
                new DescribeDelegationTokenHandler(),
                new SaslHandshakeHandler(),
                new SaslAuthenticateHandler());
    }

    /** All that the controller's listener answers. */
    Handlers ofController() {
        AtomicReference<Handlers> announced = new AtomicReference<>(new Handlers(List.of()));
        List<ApiHandler<?, ?>> all = new ArrayList<>(common());
        all.add(new ApiVersionsHandler(announced::get, this::features));
        all.add(new DescribeControllersHandler(controller));
        Handlers handlers = new Handlers(all);
        announced.set(handlers);
        return handlers;
    }
}
