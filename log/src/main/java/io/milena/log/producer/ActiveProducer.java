package io.milena.log.producer;

/**
 * A producer as DescribeProducers shows it (KIP-664).
 *
 * @param producerId its id
 * @param producerEpoch its current epoch
 * @param lastSequence sequence number of its last record, or -1
 * @param lastTimestamp timestamp of its last batch or marker in ms, or -1
 * @param coordinatorEpoch epoch of the coordinator that ended its last transaction, or -1
 * @param currentTxnStartOffset first offset of its open transaction, or -1
 */
public record ActiveProducer(
        long producerId,
        short producerEpoch,
        int lastSequence,
        long lastTimestamp,
        int coordinatorEpoch,
        long currentTxnStartOffset) {}
