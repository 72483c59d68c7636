package io.milena.server.coordinator.group.classic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish to take part in a group's next generation.
 *
 * @param memberId empty for one who has no id yet
 * @param groupInstanceId name of a static member, null for a dynamic one
 * @param clientHost address of the client as Kafka shows it
 * @param protocols in order of preference
 * @param memberIdRequired whether a new dynamic member must come back with the id it is given (KIP-394, from v4)
 * @param canSkipAssignment whether the client understands a leader that need not assign (KIP-814, from v9)
 * @param reason why the client joins, for the log
 */
public record JoinRequest(
        String groupId,
        String memberId,
        @Nullable String groupInstanceId,
        String clientId,
        String clientHost,
        int rebalanceTimeoutMs,
        int sessionTimeoutMs,
        String protocolType,
        List<MemberProtocol> protocols,
        boolean memberIdRequired,
        boolean canSkipAssignment,
        String reason) {}
