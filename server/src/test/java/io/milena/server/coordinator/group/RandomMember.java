package io.milena.server.coordinator.group;

import static io.milena.server.coordinator.group.TestMember.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.group.classic.JoinReply;
import io.milena.server.coordinator.group.classic.SyncReply;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client that follows the rules, one step at a time, and tells the ledger what it learns. */
final class RandomMember {
    final @Nullable String instanceId;
    private final TestMember member;
    private final GroupLedger ledger;
    private final TestMember predecessor;
    private @Nullable CompletableFuture<JoinReply> join;
    private @Nullable CompletableFuture<SyncReply> sync;
    private int joinEra;
    private boolean settled;

    /** @param earlier the process in whose place this one is, if there was one */
    RandomMember(
            GroupFixture fixture, GroupLedger ledger, @Nullable String instanceId, @Nullable RandomMember earlier) {
        this.instanceId = instanceId;
        this.ledger = ledger;
        this.member = new TestMember(fixture, instanceId);
        this.predecessor = new TestMember(fixture, instanceId);
        if (earlier != null) {
            TestMember last = earlier.member.memberId.isEmpty() ? earlier.predecessor : earlier.member;
            predecessor.memberId = last.memberId;
            predecessor.generation = last.generation;
        }
    }

    String memberId() {
        return member.memberId;
    }

    int generation() {
        return member.generation;
    }

    /** Whether it has its part, and the coordinator agreed at the last heartbeat. */
    boolean isSettled() {
        return settled;
    }

    /** Does whatever comes next. */
    void act() {
        if (join != null) {
            takeJoinReply(join);
        } else if (sync != null) {
            takeSyncReply(sync);
        } else if (member.generation < 0) {
            joinEra = ledger.era();
            join = answered(member.join(), error -> JoinReply.error(error, member.memberId));
        } else {
            settled = take(member.heartbeat());
        }
    }

    private static <R> CompletableFuture<R> answered(CompletionStage<R> stage, Function<ErrorCode, R> failed) {
        return stage.exceptionally(failure -> failed.apply(TestMember.errorOf(failure)))
                .toCompletableFuture();
    }

    private void takeJoinReply(CompletableFuture<JoinReply> future) {
        if (!future.isDone()) {
            return;
        }
        join = null;
        JoinReply reply = future.join();
        if (reply.error() == ErrorCode.MEMBER_ID_REQUIRED) {
            member.memberId = reply.memberId();
        } else if (take(reply.error())) {
            member.memberId = reply.memberId();
            member.generation = reply.generation();
            ledger.formed(joinEra, reply.generation());
            if (!predecessor.memberId.isEmpty() && instanceId != null && joinEra == ledger.era()) {
                ledger.replaced(predecessor.memberId, member.memberId);
            }
            sync = answered(member.sync(reply.skipAssignment() ? Map.of() : shares(reply.members())), SyncReply::error);
        }
    }

    private static Map<String, OpaqueBytes> shares(List<JoinReply.JoinedMember> members) {
        Map<String, OpaqueBytes> shares = new HashMap<>();
        for (JoinReply.JoinedMember member : members) {
            shares.put(member.memberId(), bytes("share " + shares.size()));
        }
        return shares;
    }

    private void takeSyncReply(CompletableFuture<SyncReply> future) {
        if (!future.isDone()) {
            return;
        }
        sync = null;
        SyncReply reply = future.join();
        if (take(reply.error())) {
            String owner = instanceId == null ? member.memberId : instanceId;
            ledger.assigned(member.generation, member.memberId, owner, reply.assignment());
        }
    }

    /** What a client does about an error; true if there is none. */
    private boolean take(ErrorCode error) {
        switch (error) {
            case NONE -> {
                return true;
            }
            // a static member's new id is forgotten with the generation it was to be stored in: a client gives up and
            // comes back
            case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> forgetId();
            case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR ->
                member.generation = -1;
            default ->
                assertThat(error)
                        .as("an error for a client that follows the rules")
                        .isNull();
        }
        settled = false;
        return false;
    }

    void leave() {
        if (join == null && sync == null) {
            assertThat(member.leave()).isIn(ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.FENCED_INSTANCE_ID);
            forgetId();
            settled = false;
        }
    }

    private void forgetId() {
        if (!member.memberId.isEmpty()) {
            predecessor.memberId = member.memberId;
            predecessor.generation = member.generation;
        }
        member.memberId = "";
        member.generation = -1;
    }

    /** The next join will offer something else. */
    void changeTopics(String topic) {
        member.protocols = List.of(TestMember.protocol("range", topic));
        if (join == null && sync == null) {
            member.generation = -1;
            settled = false;
        }
    }

    /** Whether a commit of this member is accepted. */
    boolean commit() {
        return member.generation >= 0 && commit(member);
    }

    /** A commit that the process before this one sent before it died, and that comes late. */
    void commitLate() {
        if (predecessor.generation >= 0) {
            commit(predecessor);
        }
    }

    private boolean commit(TestMember sender) {
        boolean accepted = sender.commit(1) == ErrorCode.NONE;
        if (accepted) {
            ledger.committed(sender.generation, sender.memberId);
        }
        return accepted;
    }
}
