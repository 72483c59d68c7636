package io.milena.server.coordinator.group.classic;

import io.milena.server.coordinator.group.record.OpaqueBytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of a classic group at one moment, as a group of another protocol needs to know it.
 *
 * @param protocols what it can do, the best first
 * @param assignment what the leader gave it, empty if it has none
 */
public record MemberSnapshot(
        MemberIdentity identity,
        String clientId,
        String clientHost,
        int rebalanceTimeoutMs,
        int sessionTimeoutMs,
        List<MemberProtocol> protocols,
        OpaqueBytes assignment) {
    public MemberSnapshot {
        protocols = List.copyOf(protocols);
    }

    /** Its id. */
    public String memberId() {
        return identity.memberId();
    }

    /** Its name if it is a static member, else null. */
    public @Nullable String groupInstanceId() {
        return identity.groupInstanceId();
    }

    /** What it said for a protocol, for its best one if it does not know that. */
    public OpaqueBytes metadata(@Nullable String protocol) {
        for (MemberProtocol known : protocols) {
            if (known.name().equals(protocol)) {
                return known.metadata();
            }
        }
        return protocols.isEmpty() ? OpaqueBytes.EMPTY : protocols.get(0).metadata();
    }
}
