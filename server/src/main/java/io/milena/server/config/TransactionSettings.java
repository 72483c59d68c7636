package io.milena.server.config;

/** Settings of transactions. */
public final class TransactionSettings {
    private final BrokerSettings settings;

    TransactionSettings(BrokerSettings settings) {
        this.settings = settings;
    }

    /** Longest timeout a transaction may ask for, in ms. */
    public int maxTimeoutMs() {
        return settings.integer("transaction.max.timeout.ms");
    }

    /** Time after which an unused transactional id is forgotten, in ms. */
    public int transactionalIdExpirationMs() {
        return settings.integer("transactional.id.expiration.ms");
    }

    /** Pause between looks for transactions beyond their timeout, in ms. */
    public int abortIntervalMs() {
        return settings.integer("transaction.abort.timed.out.transaction.cleanup.interval.ms");
    }

    /** Pause between looks for unused transactional ids, in ms. */
    public int removalIntervalMs() {
        return settings.integer("transaction.remove.expired.transaction.cleanup.interval.ms");
    }

    /** Whether clients that name their partitions beforehand are asked whether they did. */
    public boolean verifiesPartitions() {
        return settings.bool("transaction.partition.verification.enable");
    }

    /** Longest wait, in ms, for the end of a transaction when the producer's next one begins. */
    public int addPartitionsMaxWaitMs() {
        return settings.integer("add.partitions.to.txn.retry.backoff.max.ms");
    }

    /** Partitions of the topic of transaction state. */
    public int stateTopicPartitions() {
        return settings.integer("transaction.state.log.num.partitions");
    }

    /** Wanted replicas of the topic of transaction state. */
    public int stateTopicReplicationFactor() {
        return settings.integer("transaction.state.log.replication.factor");
    }

    /** Wanted replicas in sync of the topic of transaction state. */
    public int stateTopicMinInSyncReplicas() {
        return settings.integer("transaction.state.log.min.isr");
    }

    /** Segment size of the topic of transaction state, in bytes. */
    public int stateTopicSegmentBytes() {
        return settings.integer("transaction.state.log.segment.bytes");
    }
}
