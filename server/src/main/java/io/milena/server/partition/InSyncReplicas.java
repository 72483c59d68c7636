package io.milena.server.partition;

import java.util.Arrays;
import java.util.List;

/**
 * The in-sync replicas of a partition this broker leads, and how far each has copied the log. The high watermark is the smallest of
 * their log ends; alone, the leader's own. Owned by the partition's strand.
 */
final class InSyncReplicas {
    private static final long UNKNOWN = -1;

    private final int[] followers;
    private final long[] logEnds;

    InSyncReplicas(int leader, List<Integer> isr) {
        followers = isr.stream()
                .mapToInt(Integer::intValue)
                .filter(id -> id != leader)
                .toArray();
        logEnds = new long[followers.length];
        Arrays.fill(logEnds, UNKNOWN);
    }

    /** How many are in sync, the leader counted. */
    int size() {
        return followers.length + 1;
    }

    /** Notes that a follower has everything below {@code logEndOffset}; nothing if it is not in sync. */
    void copied(int follower, long logEndOffset) {
        for (int i = 0; i < followers.length; i++) {
            if (followers[i] == follower) {
                logEnds[i] = logEndOffset;
            }
        }
    }

    /** The smallest log end, given the leader's; never below {@code known}, for a replica that has not been heard of yet. */
    long highWatermark(long leaderLogEnd, long known) {
        long smallest = leaderLogEnd;
        for (long logEnd : logEnds) {
            smallest = Math.min(smallest, logEnd);
        }
        return Math.max(smallest, known);
    }
}
