package io.milena.server.coordinator.group.record;

/**
 * What a member of a consumer group has at the moment, as far as the coordinator knows.
 *
 * @param epoch what the member is to say in its heartbeats; {@link #LEFT_STATIC} for a static member that will be back
 * @param previousEpoch the epoch before, which a member may still say that missed the answer with the new one
 * @param assigned what it may use
 * @param pendingRevocation what it was told to give up and has not yet
 */
public record CurrentAssignment(
        int epoch, int previousEpoch, MemberState state, OwnedPartitions assigned, OwnedPartitions pendingRevocation) {
    /** The epoch of a member that joins. */
    public static final int JOINING = 0;

    /** Said by a member that leaves for good. */
    public static final int LEFT = -1;

    /** Said by a static member that leaves for a while. */
    public static final int LEFT_STATIC = -2;

    /** Of a member nobody knew before. */
    public static final CurrentAssignment NEW =
            new CurrentAssignment(JOINING, LEFT, MemberState.STABLE, OwnedPartitions.EMPTY, OwnedPartitions.EMPTY);

    /** The next step: another epoch, state and partitions, the present epoch becomes the previous one. */
    public CurrentAssignment next(
            int nextEpoch, MemberState nextState, OwnedPartitions nextAssigned, OwnedPartitions nextPending) {
        return new CurrentAssignment(nextEpoch, epoch, nextState, nextAssigned, nextPending);
    }

    /** Whether the member has all it is to have at that epoch. */
    public boolean isReconciledTo(int targetEpoch) {
        return state == MemberState.STABLE && epoch == targetEpoch;
    }
}
