package io.milena.server.partition;

import io.milena.log.PartitionLog;
import io.milena.log.epoch.LeaderEpochs;

/** A copy of a log's leader epochs for all threads, never changed but replaced: the log's own belong to its strand. */
final class PublishedEpochs {
    private final PartitionLog log;
    private volatile LeaderEpochs epochs = new LeaderEpochs();

    PublishedEpochs(PartitionLog log) {
        this.log = log;
        publish();
    }

    /** Shows what the log has now. Inside the strand. */
    void publish() {
        LeaderEpochs copy = new LeaderEpochs();
        log.leaderEpochs().startOffsets().forEach(copy::assign);
        epochs = copy;
    }

    LeaderEpochs epochs() {
        return epochs;
    }
}
