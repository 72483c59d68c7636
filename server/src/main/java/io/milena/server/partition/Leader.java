package io.milena.server.partition;

/** What a partition knows only while this broker leads it. Owned by the partition's strand. */
final class Leader {
    private final int leaderEpoch;
    private final PendingAcks pendingAcks = new PendingAcks();
    private InSyncReplicas inSyncReplicas;
    private int replicaCount;

    Leader(int leaderEpoch, InSyncReplicas inSyncReplicas, int replicaCount) {
        this.leaderEpoch = leaderEpoch;
        this.inSyncReplicas = inSyncReplicas;
        this.replicaCount = replicaCount;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    PendingAcks pendingAcks() {
        return pendingAcks;
    }

    InSyncReplicas inSyncReplicas() {
        return inSyncReplicas;
    }

    /** The same leader goes on with another set of replicas. */
    void replicas(InSyncReplicas inSync, int count) {
        inSyncReplicas = inSync;
        replicaCount = count;
    }

    /** Whether fewer replicas are in sync than {@code min.insync.replicas} asks for; a topic with fewer replicas needs them all. */
    boolean isBelowMinimum(int minInSyncReplicas) {
        return inSyncReplicas.size() < Math.min(minInSyncReplicas, replicaCount);
    }
}
