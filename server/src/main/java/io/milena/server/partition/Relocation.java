package io.milena.server.partition;

import io.milena.log.FutureLog;
import io.milena.log.LogException;
import io.milena.log.PartitionLog;

/** The moment in which a partition goes on with a copy of its log on another disk. */
record Relocation(Partition partition, DiskRecovery recovery, Availability availability, PartitionPlace place) {
    /** Whether it may move: one that takes no records for another reason than a lack of room has to stay. Any thread. */
    boolean isPossible() {
        return availability.allowsDeletion();
    }

    /**
     * Makes the change, and gives the files that are no longer wanted. Inside the strand; waits for the disk.
     *
     * @throws PartitionException if its disk failed
     * @throws LogException if a disk fails; it goes on as before, unless nobody can tell which files the next start will find
     */
    PartitionLog run(FutureLog copy, PartitionDisk to) {
        availability.checkDeletion();
        PartitionLog replaced;
        try {
            replaced = copy.replaceSource();
        } catch (LogException e) {
            if (copy.isInDoubt()) {
                recovery.giveUp(partition, e);
                partition.relocated();
            }
            throw e;
        }
        place.moved(to);
        recovery.relocated();
        partition.relocated();
        return replaced;
    }
}
