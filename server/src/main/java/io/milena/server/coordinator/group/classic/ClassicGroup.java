package io.milena.server.coordinator.group.classic;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.group.record.GroupRecord.ClassicGroupStored;
import io.milena.server.coordinator.group.record.OpaqueBytes;
import io.milena.server.coordinator.group.record.StoredMember;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One classic group: its members, what they agreed on, and its place in the {@link GroupState} cycle. Knows no clock and sets
 * no timers; it only keeps those that {@link Rebalance} set, to stop them with what they stand for. Invariants: the leader is
 * a member, every instance id names a member, and all members share a protocol.
 */
public final class ClassicGroup {
    /** After the largest generation the next is this one, as negative ones mean "none". */
    private static final int FIRST_GENERATION = 1;

    private final String groupId;
    private final Map<String, ClassicMember> members = new LinkedHashMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    private final GroupTimers timers = new GroupTimers();
    private final Set<String> pendingSyncs = new HashSet<>();
    private final ProtocolVotes votes = new ProtocolVotes();
    private GroupState state = GroupState.EMPTY;
    private @Nullable GroupState previousState;
    private long stateTimestampMs;
    private @Nullable String protocolType;
    private @Nullable String protocolName;
    private @Nullable String leader;
    private @Nullable Set<String> subscribedTopics;
    private int generation;
    private int awaitingJoin;
    private boolean newMemberAdded;

    /** A group nobody has joined yet. */
    public ClassicGroup(String groupId, long nowMs) {
        this.groupId = groupId;
        this.stateTimestampMs = nowMs;
    }

    /** A group as it was stored. */
    static ClassicGroup stored(ClassicGroupStored stored) {
        ClassicGroup group = new ClassicGroup(stored.groupId(), stored.stateTimestampMs());
        group.state = stored.members().isEmpty() ? GroupState.EMPTY : GroupState.STABLE;
        group.generation = stored.generation();
        group.protocolType = stored.protocolType().isEmpty() ? null : stored.protocolType();
        group.protocolName = stored.protocolName();
        group.leader = stored.leader();
        for (StoredMember member : stored.members()) {
            group.put(ClassicMember.stored(member, stored.protocolName()));
        }
        group.subscribedTopics = group.readSubscribedTopics();
        return group;
    }

    /** A stable group as it is to be stored when members of a group of another protocol form it; the first one leads. */
    public static ClassicGroupStored formed(
            String groupId, int generation, long nowMs, List<MemberSnapshot> snapshots) {
        ClassicGroup group = new ClassicGroup(groupId, nowMs);
        group.generation = generation;
        group.protocolType = ConsumerSubscription.PROTOCOL_TYPE;
        for (MemberSnapshot snapshot : snapshots) {
            group.put(ClassicMember.of(snapshot));
        }
        group.leader = snapshots.get(0).memberId();
        group.protocolName = group.electProtocol();
        return group.toStore(ClassicMember::assignment);
    }

    /** All members, as a group of another protocol needs to know them. */
    public List<MemberSnapshot> snapshots() {
        return members.values().stream().map(ClassicMember::snapshot).toList();
    }

    /** The group as it is to be stored, with the assignments given. */
    ClassicGroupStored toStore(Function<ClassicMember, OpaqueBytes> assignments) {
        List<StoredMember> stored = new ArrayList<>(members.size());
        for (ClassicMember member : members.values()) {
            stored.add(member.stored(chosenProtocol(), assignments.apply(member)));
        }
        String type = protocolType == null ? "" : protocolType;
        return new ClassicGroupStored(groupId, type, generation, protocolName, leader, stateTimestampMs, stored);
    }

    public String groupId() {
        return groupId;
    }

    public GroupState state() {
        return state;
    }

    /** When the group entered its state, in ms since 1970; -1 if unknown. */
    public long stateTimestampMs() {
        return stateTimestampMs;
    }

    public int generation() {
        return generation;
    }

    /** "consumer", "connect" …; null if nobody ever joined. */
    public @Nullable String protocolType() {
        return protocolType;
    }

    /** What the members agreed on; null if there are none or they did not yet. */
    public @Nullable String protocolName() {
        return protocolName;
    }

    /** Member id of the leader; null if there are no members. */
    public @Nullable String leader() {
        return leader;
    }

    /** How many members the group has. */
    public int size() {
        return members.size();
    }

    /** Whether the members are consumers, whose subscriptions can be read. */
    public boolean isOfConsumers() {
        return ConsumerSubscription.PROTOCOL_TYPE.equals(protocolType);
    }

    /** Whether a member consumes the topic; of a group of consumers that cannot be understood, all topics. */
    public boolean isSubscribedTo(String topic) {
        return subscribedTopics == null ? isOfConsumers() : subscribedTopics.contains(topic);
    }

    /** Whether it is known which topics the members consume. */
    public boolean knowsSubscribedTopics() {
        return subscribedTopics != null;
    }

    /**
     * Who the request comes from, if it may speak for the group.
     *
     * @return {@code NONE}, {@code UNKNOWN_MEMBER_ID}, or {@code FENCED_INSTANCE_ID} for one whose place another took
     */
    public ErrorCode check(MemberIdentity identity) {
        if (identity.groupInstanceId() != null) {
            String memberId = staticMembers.get(identity.groupInstanceId());
            if (memberId != null && !memberId.equals(identity.memberId())) {
                return ErrorCode.FENCED_INSTANCE_ID;
            }
            if (memberId == null) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
        }
        return members.containsKey(identity.memberId()) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
    }

    Collection<ClassicMember> members() {
        return members.values();
    }

    @Nullable
    ClassicMember member(String memberId) {
        return members.get(memberId);
    }

    ClassicMember existing(String memberId) {
        ClassicMember member = members.get(memberId);
        if (member == null) {
            throw new IllegalStateException("group " + groupId + " has no member " + memberId);
        }
        return member;
    }

    @Nullable
    String staticMember(String groupInstanceId) {
        return staticMembers.get(groupInstanceId);
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leader);
    }

    /** Whether the rebalance under way began from an empty group. */
    boolean isInitialRebalance() {
        return state == GroupState.PREPARING_REBALANCE && previousState == GroupState.EMPTY;
    }

    boolean accepts(String memberProtocolType, List<MemberProtocol> protocols) {
        if (state == GroupState.EMPTY) {
            return !memberProtocolType.isEmpty() && !protocols.isEmpty();
        }
        return memberProtocolType.equals(protocolType) && votes.anySupportedBy(members.size(), protocols);
    }

    /** The protocol the present members would choose. */
    String electProtocol() {
        return votes.elect(members.values());
    }

    int awaitingJoin() {
        return awaitingJoin;
    }

    boolean hasEveryoneJoined() {
        return members.size() == awaitingJoin && !timers.expectsAnyone();
    }

    int rebalanceTimeoutMs() {
        int longest = 0;
        for (ClassicMember member : members.values()) {
            longest = Math.max(longest, member.rebalanceTimeoutMs());
        }
        return longest;
    }

    void add(ClassicMember member, String memberProtocolType, CompletableFuture<JoinReply> waiting) {
        if (members.isEmpty()) {
            protocolType = memberProtocolType;
        }
        timers.forget(member.memberId());
        put(member);
        if (leader == null) {
            leader = member.memberId();
        }
        member.awaitJoin(waiting);
        awaitingJoin++;
        if (isInitialRebalance()) {
            newMemberAdded = true;
        }
    }

    private void put(ClassicMember member) {
        members.put(member.memberId(), member);
        votes.add(member.protocols());
        if (member.groupInstanceId() != null) {
            staticMembers.put(member.groupInstanceId(), member.memberId());
        }
    }

    /** What a member that is already there asks for with another join. */
    void update(ClassicMember member, JoinRequest request, CompletableFuture<JoinReply> waiting) {
        votes.remove(member.protocols());
        member.update(request.protocols(), request.rebalanceTimeoutMs(), request.sessionTimeoutMs());
        votes.add(member.protocols());
        if (!member.isAwaitingJoin()) {
            awaitingJoin++;
        }
        member.awaitJoin(waiting);
    }

    /** Takes the member's parked join, if it has one, so that it can be answered. */
    @Nullable
    CompletableFuture<JoinReply> takeJoin(ClassicMember member) {
        CompletableFuture<JoinReply> waiting = member.takeJoin();
        if (waiting != null) {
            awaitingJoin--;
        }
        return waiting;
    }

    /** Removes whoever has the id, a full or a pending member; the first of those left leads if it led. Answers nobody. */
    void remove(String memberId) {
        ClassicMember member = members.remove(memberId);
        if (member != null) {
            votes.remove(member.protocols());
            member.session(null);
            if (member.isAwaitingJoin()) {
                awaitingJoin--;
            }
            if (member.groupInstanceId() != null) {
                staticMembers.remove(member.groupInstanceId());
            }
        }
        if (isLeader(memberId)) {
            leader = members.isEmpty() ? null : members.keySet().iterator().next();
        }
        timers.forget(memberId);
        pendingSyncs.remove(memberId);
    }

    /** Puts one member in another's place: same instance id, same protocols. Answers nobody. */
    void replace(ClassicMember old, ClassicMember replacement) {
        old.session(null);
        members.remove(old.memberId());
        votes.remove(old.protocols());
        if (old.isAwaitingJoin()) {
            awaitingJoin--;
        }
        put(replacement);
        if (isLeader(old.memberId())) {
            leader = replacement.memberId();
        }
        pendingSyncs.remove(old.memberId());
    }

    /** Makes the first member that rejoined the leader if the present one did not; false if nobody did. */
    boolean electJoinedLeader() {
        if (leader == null) {
            return false;
        }
        if (existing(leader).isAwaitingJoin()) {
            return true;
        }
        for (ClassicMember member : members.values()) {
            if (member.isAwaitingJoin()) {
                leader = member.memberId();
                return true;
            }
        }
        return false;
    }

    /** What the group waits for. */
    GroupTimers timers() {
        return timers;
    }

    Set<String> pendingSyncs() {
        return pendingSyncs;
    }

    /** Whether somebody joined an initial rebalance since this was last asked. */
    boolean takeNewMemberAdded() {
        boolean added = newMemberAdded;
        newMemberAdded = false;
        return added;
    }

    void enter(GroupState next, long nowMs) {
        if (!next.mayFollow(state)) {
            throw new IllegalStateException("group " + groupId + " cannot go from " + state + " to " + next);
        }
        previousState = state;
        state = next;
        stateTimestampMs = nowMs;
    }

    /** Ends the joining: those who are members now form the next generation, or nobody does. */
    void nextGeneration(long nowMs) {
        generation = generation == Integer.MAX_VALUE ? FIRST_GENERATION : generation + 1;
        protocolName = members.isEmpty() ? null : electProtocol();
        subscribedTopics = readSubscribedTopics();
        enter(members.isEmpty() ? GroupState.EMPTY : GroupState.COMPLETING_REBALANCE, nowMs);
        pendingSyncs.clear();
    }

    /** Stops every timer; the group is about to be forgotten. */
    void stopTimers() {
        timers.stop();
        members.values().forEach(member -> member.session(null));
    }

    String chosenProtocol() {
        if (protocolName == null) {
            throw new IllegalStateException("group " + groupId + " has members and no protocol");
        }
        return protocolName;
    }

    private @Nullable Set<String> readSubscribedTopics() {
        if (!isOfConsumers()) {
            return null;
        }
        return members.isEmpty() ? Set.of() : ConsumerSubscription.topics(members.values(), chosenProtocol());
    }
}
