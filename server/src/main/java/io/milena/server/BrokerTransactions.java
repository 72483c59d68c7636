package io.milena.server;

import io.milena.server.cluster.Controller;
import io.milena.server.cluster.ProducerIds;
import io.milena.server.config.TransactionSettings;
import io.milena.server.coordinator.group.GroupCoordinator;
import io.milena.server.coordinator.transaction.PartitionMarkers;
import io.milena.server.coordinator.transaction.TransactionCoordinator;
import io.milena.server.coordinator.transaction.TransactionMarkers;
import io.milena.server.partition.Partitions;
import io.milena.server.strand.Strand;

/**
 * What a broker needs for producers with an identity.
 *
 * @param producerIds gives out producer ids
 * @param markers ends transactions in partitions
 * @param coordinator coordinates transactions
 */
record BrokerTransactions(ProducerIds producerIds, TransactionMarkers markers, TransactionCoordinator coordinator) {
    /** @param strand for producer ids alone */
    static BrokerTransactions create(
            TransactionSettings settings,
            TransactionCoordinator.Surroundings surroundings,
            Controller controller,
            Partitions partitions,
            GroupCoordinator groups,
            Strand strand) {
        ProducerIds producerIds =
                new ProducerIds(strand, Controller.PRODUCER_ID_BLOCK, controller::nextProducerIdBlock);
        TransactionMarkers markers = new PartitionMarkers(partitions, groups::endTransaction, surroundings.clock());
        TransactionCoordinator coordinator =
                TransactionCoordinator.create(settings, surroundings, producerIds::take, markers);
        partitions.subscribe(coordinator.host());
        return new BrokerTransactions(producerIds, markers, coordinator);
    }
}
