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
