package io.milena.server.coordinator.group.classic;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.ListGroupsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How classic groups look to administrators. Inside the strand; what is returned shares nothing with the groups. */
public final class GroupDescriptions {
    /** The type of these groups, as it is listed and filtered by. */
    public static final String TYPE = "classic";

    /** From this version on, clients want to be told that a group does not exist. */
    private static final int GROUP_ID_NOT_FOUND_MIN_VERSION = 6;

    private final ClassicGroups groups;

    public GroupDescriptions(ClassicGroups groups) {
        this.groups = groups;
    }

    /** One group, or how to say in that version of the API that there is none. */
    public DescribeGroupsResponse.Group describe(String groupId, int version) {
        ClassicGroup group = groups.find(groupId);
        return group == null ? missing(groupId, version) : describe(group);
    }

    private static DescribeGroupsResponse.Group missing(String groupId, int version) {
        DescribeGroupsResponse.Group dead =
                new DescribeGroupsResponse.Group().groupId(groupId).groupState(GroupState.DEAD);
        if (version >= GROUP_ID_NOT_FOUND_MIN_VERSION) {
            dead.errorCode(ErrorCode.GROUP_ID_NOT_FOUND).errorMessage("There is no group " + groupId + ".");
        }
        return dead;
    }

    private static DescribeGroupsResponse.Group describe(ClassicGroup group) {
        String protocol = group.state() == GroupState.STABLE ? group.chosenProtocol() : null;
        List<DescribeGroupsResponse.Member> members = new ArrayList<>(group.size());
        for (ClassicMember member : group.members()) {
            members.add(describe(member, protocol));
        }
        return new DescribeGroupsResponse.Group()
                .groupId(group.groupId())
                .groupState(group.state().label())
                .protocolType(typeOf(group))
                .protocolData(protocol == null ? "" : protocol)
                .members(members);
    }

    private static DescribeGroupsResponse.Member describe(ClassicMember member, @Nullable String protocol) {
        DescribeGroupsResponse.Member described = new DescribeGroupsResponse.Member()
                .memberId(member.memberId())
                .groupInstanceId(member.groupInstanceId())
                .clientId(member.clientId())
                .clientHost(member.clientHost())
                .memberAssignment(member.assignment().array());
        return protocol == null
                ? described
                : described.memberMetadata(member.protocol(protocol).metadata().array());
    }

    /**
     * The groups of the shard that pass both filters.
     *
     * @param states states in lower case; all if empty
     * @param types types in lower case; all if empty
     */
    public List<ListGroupsResponse.Group> list(Set<String> states, Set<String> types) {
        List<ListGroupsResponse.Group> listed = new ArrayList<>();
        if (!types.isEmpty() && !types.contains(TYPE)) {
            return listed;
        }
        for (ClassicGroup group : groups.all()) {
            String state = group.state().label();
            if (states.isEmpty() || states.contains(state.toLowerCase(Locale.ROOT))) {
                listed.add(new ListGroupsResponse.Group()
                        .groupId(group.groupId())
                        .protocolType(typeOf(group))
                        .groupState(state)
                        .groupType(TYPE));
            }
        }
        return listed;
    }

    private static String typeOf(ClassicGroup group) {
        return group.protocolType() == null ? "" : group.protocolType();
    }
}
