package io.milena.server.coordinator.group.record;

/** How far a member of a consumer group has come on the way to its target assignment. */
public enum MemberState {
    /** It has what it is to have at its epoch. */
    STABLE(0),
    /** It still has partitions it was told to give up. */
    UNREVOKED_PARTITIONS(1),
    /** It waits for partitions that others have not given up yet. */
    UNRELEASED_PARTITIONS(2),
    /** Stored by a release that knows more states than this one. */
    UNKNOWN(127);

    private final byte code;

    MemberState(int code) {
        this.code = (byte) code;
    }

    /** How it is stored. */
    public byte code() {
        return code;
    }

    /** The state stored as a code, {@link #UNKNOWN} if it is none of ours. */
    public static MemberState of(byte code) {
        for (MemberState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
