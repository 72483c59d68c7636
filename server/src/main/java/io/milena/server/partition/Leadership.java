package io.milena.server.partition;

/**
 * Who leads a partition, as this broker knows it.
 *
 * @param leaderId the leading broker, or -1 if there is none
 * @param leaderEpoch counts the elections of the partition
 * @param isLocal whether this broker leads
 */
public record Leadership(int leaderId, int leaderEpoch, boolean isLocal) {
    /** Nobody leads, as far as is known. */
    public static final Leadership NONE = new Leadership(-1, -1, false);
}
