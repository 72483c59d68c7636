package io.milena.server.coordinator.group.record;

import org.jspecify.annotations.Nullable;

/**
 * A member of a classic group as stored.
 *
 * @param subscription its metadata under the protocol the group chose
 * @param assignment what the leader gave it
 */
public record StoredMember(
        String memberId,
        @Nullable String groupInstanceId,
        String clientId,
        String clientHost,
        int rebalanceTimeoutMs,
        int sessionTimeoutMs,
        OpaqueBytes subscription,
        OpaqueBytes assignment) {}
