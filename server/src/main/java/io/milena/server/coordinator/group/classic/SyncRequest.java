package io.milena.server.coordinator.group.classic;

import io.milena.server.coordinator.group.record.OpaqueBytes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member asking for its assignment, the leader handing in everybody's.
 *
 * @param protocolType what the member thinks the group's type is, null if it does not say (before v5)
 * @param protocolName what the member thinks was agreed on, null if it does not say
 * @param assignments by member id; empty but for the leader
 */
public record SyncRequest(
        String groupId,
        MemberIdentity member,
        int generation,
        @Nullable String protocolType,
        @Nullable String protocolName,
        Map<String, OpaqueBytes> assignments) {}
