package io.milena.server.coordinator.group.classic;

import io.milena.protocol.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a join.
 *
 * @param generation -1 unless joined
 * @param leader empty unless joined
 * @param skipAssignment the leader is told of the members but must not assign
 * @param members everybody with metadata for the leader, empty for the others
 */
public record JoinReply(
        ErrorCode error,
        int generation,
        @Nullable String protocolType,
        @Nullable String protocolName,
        String leader,
        boolean skipAssignment,
        String memberId,
        List<JoinedMember> members) {

    /** A refusal. */
    public static JoinReply error(ErrorCode error, String memberId) {
        return new JoinReply(error, -1, null, null, "", false, memberId, List.of());
    }

    /** The same with another leader. */
    JoinReply withLeader(String other) {
        return new JoinReply(error, generation, protocolType, protocolName, other, skipAssignment, memberId, members);
    }

    /** A member as the leader is told of it. */
    public record JoinedMember(String memberId, @Nullable String groupInstanceId, MemberProtocol protocol) {}
}
