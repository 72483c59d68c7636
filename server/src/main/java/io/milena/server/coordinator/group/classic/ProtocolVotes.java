package io.milena.server.coordinator.group.classic;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts how many members of a group can do each protocol, and finds the one that most of them like best. */
final class ProtocolVotes {
    private final Map<String, Integer> supporters = new HashMap<>();

    void add(List<MemberProtocol> protocols) {
        for (MemberProtocol protocol : protocols) {
            supporters.merge(protocol.name(), 1, Integer::sum);
        }
    }

    void remove(List<MemberProtocol> protocols) {
        for (MemberProtocol protocol : protocols) {
            supporters.computeIfPresent(protocol.name(), (name, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Whether one of the protocols can be done by as many members as given. */
    boolean anySupportedBy(int members, List<MemberProtocol> protocols) {
        for (MemberProtocol protocol : protocols) {
            if (supporters.getOrDefault(protocol.name(), 0) == members) {
                return true;
            }
        }
        return false;
    }

    /** The protocol all members can do that has most votes; among equals the one voted for first. */
    String elect(Collection<ClassicMember> members) {
        Set<String> candidates = new HashSet<>();
        supporters.forEach((name, count) -> {
            if (count == members.size()) {
                candidates.add(name);
            }
        });
        Map<String, Integer> votes = new LinkedHashMap<>();
        String winner = null;
        for (ClassicMember member : members) {
            String vote = member.vote(candidates);
            if (vote != null) {
                votes.merge(vote, 1, Integer::sum);
            }
        }
        for (Map.Entry<String, Integer> vote : votes.entrySet()) {
            if (winner == null || vote.getValue() > votes.getOrDefault(winner, 0)) {
                winner = vote.getKey();
            }
        }
        if (winner == null) {
            throw new IllegalStateException("members of a group have no protocol in common");
        }
        return winner;
    }
}
