package io.milena.server;

import io.milena.server.cluster.Controller;
import io.milena.server.cluster.Features;
import io.milena.server.config.BrokerSettings;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.transaction.PartitionVerification;
import io.milena.server.coordinator.transaction.TransactionCoordinator;
import io.milena.server.handler.cluster.ApiVersionsHandler;
import io.milena.server.handler.cluster.DescribeClusterHandler;
import io.milena.server.handler.config.ListConfigResourcesHandler;
import io.milena.server.handler.group.ConsumerGroupDescribeHandler;
import io.milena.server.handler.group.ConsumerGroupHeartbeatHandler;
import io.milena.server.handler.group.DeleteGroupsHandler;
import io.milena.server.handler.group.DescribeGroupsHandler;
import io.milena.server.handler.group.FindCoordinatorHandler;
import io.milena.server.handler.group.HeartbeatHandler;
import io.milena.server.handler.group.JoinGroupHandler;
import io.milena.server.handler.group.LeaveGroupHandler;
import io.milena.server.handler.group.ListGroupsHandler;
import io.milena.server.handler.group.OffsetCommitHandler;
import io.milena.server.handler.group.OffsetDeleteHandler;
import io.milena.server.handler.group.OffsetFetchHandler;
import io.milena.server.handler.group.SyncGroupHandler;
import io.milena.server.handler.records.AlterReplicaLogDirsHandler;
import io.milena.server.handler.records.DeleteRecordsHandler;
import io.milena.server.handler.records.DescribeLogDirsHandler;
import io.milena.server.handler.records.DescribeProducersHandler;
import io.milena.server.handler.records.FetchHandler;
import io.milena.server.handler.records.InitProducerIdHandler;
import io.milena.server.handler.records.ListOffsetsHandler;
import io.milena.server.handler.records.OffsetForLeaderEpochHandler;
import io.milena.server.handler.records.ProduceHandler;
import io.milena.server.handler.records.ThrottledFetchHandler;
import io.milena.server.handler.records.ThrottledProduceHandler;
import io.milena.server.handler.security.DescribeClientQuotasHandler;
import io.milena.server.handler.telemetry.GetTelemetrySubscriptionsHandler;
import io.milena.server.handler.telemetry.PushTelemetryHandler;
import io.milena.server.handler.topic.DescribeTopicPartitionsHandler;
import io.milena.server.handler.topic.MetadataHandler;
import io.milena.server.handler.transaction.AddOffsetsToTxnHandler;
import io.milena.server.handler.transaction.AddPartitionsToTxnHandler;
import io.milena.server.handler.transaction.DescribeTransactionsHandler;
import io.milena.server.handler.transaction.EndTxnHandler;
import io.milena.server.handler.transaction.ListTransactionsHandler;
import io.milena.server.handler.transaction.TxnOffsetCommitHandler;
import io.milena.server.handler.transaction.WriteTxnMarkersHandler;
import io.milena.server.partition.Partitions;
import io.milena.server.partition.ReplicaMoves;
import io.milena.server.partition.session.FetchSessions;
import io.milena.server.quota.ClientThrottle;
import io.milena.server.request.ApiHandler;
import io.milena.server.request.Handlers;
import io.milena.server.strand.Timers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;

/**
 * The list of everything a broker answers.
 *
 * @param settings the broker's
 * @param controller decides about the cluster, and knows it
 * @param partitions those that are here
 * @param moves moves them between data folders
 * @param groups coordinates groups
 * @param transactions coordinates transactions
 * @param admin what administrators may ask
 * @param sessions of fetches
 * @param timers of the broker
 * @param background may block on the disk
 */
record BrokerHandlers(
        BrokerSettings settings,
        Controller controller,
        Partitions partitions,
        ReplicaMoves moves,
        GroupCoordinator groups,
        BrokerTransactions transactions,
        AdminHandlers admin,
        FetchSessions sessions,
        Timers timers,
        Executor background) {

    Handlers all() {
        AtomicReference<Handlers> announced = new AtomicReference<>(new Handlers(List.of()));
        TransactionCoordinator coordinator = transactions.coordinator();
        PartitionVerification verification = new PartitionVerification(
                coordinator, () -> controller.settings().transactions());
        ClientThrottle throttle = new ClientThrottle(controller, timers::nowMs, quotaBurstMs());
        List<ApiHandler<?, ?>> others = List.of(
                new ThrottledProduceHandler(new ProduceHandler(partitions, controller, timers, verification), throttle),
                new ThrottledFetchHandler(
                        new FetchHandler(partitions, controller, sessions, timers, settings.fetchMaxBytes()), throttle),
                new ListOffsetsHandler(partitions, background),
                new MetadataHandler(controller, settings),
                new OffsetCommitHandler(groups, controller),
                new OffsetFetchHandler(groups, controller),
                new FindCoordinatorHandler(controller, controller::createInternalTopic),
                new JoinGroupHandler(groups),
                new HeartbeatHandler(groups),
                new LeaveGroupHandler(groups),
                new SyncGroupHandler(groups),
                new DescribeGroupsHandler(groups),
                new ConsumerGroupHeartbeatHandler(groups, this::offersConsumerProtocol),
                new ConsumerGroupDescribeHandler(groups, this::offersConsumerProtocol),
                new ListGroupsHandler(groups),
                new ApiVersionsHandler(announced::get, admin::features),
                new DeleteRecordsHandler(partitions, background),
                new InitProducerIdHandler(transactions.producerIds(), coordinator),
                new OffsetForLeaderEpochHandler(partitions),
                new DeleteGroupsHandler(groups),
                new OffsetDeleteHandler(groups, controller),
                new DescribeClusterHandler(controller),
                new DescribeTopicPartitionsHandler(controller, settings),
                new ListConfigResourcesHandler(controller),
                new DescribeProducersHandler(partitions),
                new AlterReplicaLogDirsHandler(moves::move, moves.folders()),
                new DescribeLogDirsHandler(partitions::all, moves::futures, moves.folders(), background),
                new DescribeClientQuotasHandler(controller),
                new GetTelemetrySubscriptionsHandler(settings.telemetryMaxBytes(), UUID::randomUUID),
                new PushTelemetryHandler(settings.telemetryMaxBytes()));
        List<ApiHandler<?, ?>> all = new ArrayList<>(others);
        all.addAll(ofTransactions(verification));
        all.addAll(admin.common());
        Handlers handlers = new Handlers(all);
        announced.set(handlers);
        return handlers;
    }

    /** A client that did nothing for all samples but the last may use as much in that. */
    private long quotaBurstMs() {
        int samples = settings.connections().quotaSamples();
        return TimeUnit.SECONDS.toMillis((samples - 1L) * settings.connections().quotaSampleSeconds());
    }

    private boolean offersConsumerProtocol() {
        return settings.groups().rebalanceProtocols().contains("consumer")
                && controller.image().features().level(Features.GROUP_VERSION) > 0;
    }

    private List<ApiHandler<?, ?>> ofTransactions(PartitionVerification verification) {
        TransactionCoordinator coordinator = transactions.coordinator();
        ToIntFunction<String> partitionOfGroup =
                groupId -> groups.partitionOf(groupId, settings.groups().offsetsTopicPartitions());
        return List.of(
                new AddPartitionsToTxnHandler(coordinator, controller),
                new AddOffsetsToTxnHandler(coordinator, partitionOfGroup),
                new EndTxnHandler(coordinator),
                new WriteTxnMarkersHandler(transactions.markers()),
                new TxnOffsetCommitHandler(groups, verification, partitionOfGroup, controller),
                new DescribeTransactionsHandler(coordinator),
                new ListTransactionsHandler(coordinator));
    }
}
