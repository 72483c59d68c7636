package io.milena.server.coordinator.group.classic;

import io.milena.server.coordinator.group.record.OpaqueBytes;
import io.milena.server.coordinator.group.record.StoredMember;
import io.milena.server.strand.Timeout;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One member of a classic group, and what it waits for. Changed by its {@link ClassicGroup} and by {@link Rebalance} alone. */
final class ClassicMember {
    private final String memberId;
    private final @Nullable String groupInstanceId;
    private final String clientId;
    private final String clientHost;
    private int rebalanceTimeoutMs;
    private int sessionTimeoutMs;
    private List<MemberProtocol> protocols = List.of();
    private OpaqueBytes assignment = OpaqueBytes.EMPTY;
    private boolean isNew;
    private @Nullable CompletableFuture<JoinReply> awaitedJoin;
    private @Nullable CompletableFuture<SyncReply> awaitedSync;
    private @Nullable Timeout session;

    private ClassicMember(MemberIdentity identity, String clientId, String clientHost) {
        this.memberId = identity.memberId();
        this.groupInstanceId = identity.groupInstanceId();
        this.clientId = clientId;
        this.clientHost = clientHost;
    }

    /** A member that joins for the first time. */
    static ClassicMember joining(String memberId, JoinRequest request) {
        ClassicMember member = new ClassicMember(
                new MemberIdentity(memberId, request.groupInstanceId()), request.clientId(), request.clientHost());
        member.update(request.protocols(), request.rebalanceTimeoutMs(), request.sessionTimeoutMs());
        member.isNew = true;
        return member;
    }

    /** A member read from the log; of its protocols only the one the group chose was kept. */
    static ClassicMember stored(StoredMember stored, @Nullable String protocolName) {
        ClassicMember member = new ClassicMember(
                new MemberIdentity(stored.memberId(), stored.groupInstanceId()),
                stored.clientId(),
                stored.clientHost());
        member.update(
                List.of(new MemberProtocol(protocolName == null ? "" : protocolName, stored.subscription())),
                stored.rebalanceTimeoutMs() == -1 ? stored.sessionTimeoutMs() : stored.rebalanceTimeoutMs(),
                stored.sessionTimeoutMs());
        member.assignment = stored.assignment();
        return member;
    }

    /** A member that comes from a group of another protocol. */
    static ClassicMember of(MemberSnapshot snapshot) {
        ClassicMember member = new ClassicMember(snapshot.identity(), snapshot.clientId(), snapshot.clientHost());
        member.update(snapshot.protocols(), snapshot.rebalanceTimeoutMs(), snapshot.sessionTimeoutMs());
        member.assignment = snapshot.assignment();
        return member;
    }

    MemberSnapshot snapshot() {
        return new MemberSnapshot(
                new MemberIdentity(memberId, groupInstanceId),
                clientId,
                clientHost,
                rebalanceTimeoutMs,
                sessionTimeoutMs,
                protocols,
                assignment);
    }

    /** The same static member under a new id; what the old one waited for is not taken along. */
    ClassicMember renamed(String newMemberId) {
        ClassicMember member =
                new ClassicMember(new MemberIdentity(newMemberId, groupInstanceId), clientId, clientHost);
        member.update(protocols, rebalanceTimeoutMs, sessionTimeoutMs);
        member.assignment = assignment;
        return member;
    }

    /** How the member is stored, given what was agreed on. */
    StoredMember stored(String protocolName, OpaqueBytes newAssignment) {
        return new StoredMember(
                memberId,
                groupInstanceId,
                clientId,
                clientHost,
                rebalanceTimeoutMs,
                sessionTimeoutMs,
                protocol(protocolName).metadata(),
                newAssignment);
    }

    String memberId() {
        return memberId;
    }

    @Nullable
    String groupInstanceId() {
        return groupInstanceId;
    }

    String clientId() {
        return clientId;
    }

    String clientHost() {
        return clientHost;
    }

    int rebalanceTimeoutMs() {
        return rebalanceTimeoutMs;
    }

    int sessionTimeoutMs() {
        return sessionTimeoutMs;
    }

    List<MemberProtocol> protocols() {
        return protocols;
    }

    OpaqueBytes assignment() {
        return assignment;
    }

    void assignment(OpaqueBytes assignment) {
        this.assignment = assignment;
    }

    void update(List<MemberProtocol> protocols, int rebalanceTimeoutMs, int sessionTimeoutMs) {
        this.protocols = protocols;
        this.rebalanceTimeoutMs = rebalanceTimeoutMs;
        this.sessionTimeoutMs = sessionTimeoutMs;
    }

    /** The member's first choice among the candidates, null if it can do none of them. */
    @Nullable
    String vote(Set<String> candidates) {
        for (MemberProtocol protocol : protocols) {
            if (candidates.contains(protocol.name())) {
                return protocol.name();
            }
        }
        return null;
    }

    /** What the member said for a protocol. */
    MemberProtocol protocol(String name) {
        for (MemberProtocol protocol : protocols) {
            if (protocol.name().equals(name)) {
                return protocol;
            }
        }
        throw new IllegalStateException("member " + memberId + " has no protocol " + name);
    }

    boolean isStatic() {
        return groupInstanceId != null;
    }

    boolean isNew() {
        return isNew;
    }

    void settled() {
        isNew = false;
    }

    boolean isAwaitingJoin() {
        return awaitedJoin != null;
    }

    boolean isAwaitingSync() {
        return awaitedSync != null;
    }

    /** Whether silence is no sign of death: it waits for us. New members may have gone while their join was waiting. */
    boolean hasExcuse() {
        return !isNew && (isAwaitingJoin() || isAwaitingSync());
    }

    void awaitJoin(@Nullable CompletableFuture<JoinReply> waiting) {
        awaitedJoin = waiting;
    }

    void awaitSync(CompletableFuture<SyncReply> waiting) {
        awaitedSync = waiting;
    }

    /** The join that waits for an answer, at most once. */
    @Nullable
    CompletableFuture<JoinReply> takeJoin() {
        CompletableFuture<JoinReply> waiting = awaitedJoin;
        awaitedJoin = null;
        return waiting;
    }

    /** The sync that waits for an answer, at most once. */
    @Nullable
    CompletableFuture<SyncReply> takeSync() {
        CompletableFuture<SyncReply> waiting = awaitedSync;
        awaitedSync = null;
        return waiting;
    }

    /** Replaces the timer that ends the member's session, or only stops it. */
    void session(@Nullable Timeout next) {
        if (session != null) {
            session.cancel();
        }
        session = next;
    }
}
