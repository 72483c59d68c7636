package io.milena.server.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.milena.server.coordinator.group.record.OpaqueBytes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What all members of a group were told, to find contradictions. */
final class GroupLedger {
    private final Map<Integer, Map<String, OpaqueBytes>> assignments = new HashMap<>();
    private final Map<Integer, Map<OpaqueBytes, String>> owners = new HashMap<>();
    private final Map<String, String> fenced = new HashMap<>();
    private final Set<String> settled = new HashSet<>();
    private int latest;
    private int era;

    /** Counts the coordinator's restarts. */
    int era() {
        return era;
    }

    /** The coordinator forgot generations it had not stored, with the members that were new in them, and counts on from there. */
    void restarted() {
        era++;
        fenced.values().removeIf(successor -> !settled.contains(successor));
        latest = assignments.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** Somebody who asked in that era learned that he belongs to a generation. */
    void formed(int askedInEra, int generation) {
        if (askedInEra == era) {
            latest = Math.max(latest, generation);
        }
    }

    /**
     * A member learned its part. In a generation nobody else has that part, and a member always hears the same.
     *
     * @param owner what the member is known by, whatever its id is at the moment
     */
    void assigned(int generation, String memberId, String owner, OpaqueBytes part) {
        settled.add(memberId);
        if (part.array().length > 0) {
            OpaqueBytes before = assignments
                    .computeIfAbsent(generation, g -> new HashMap<>())
                    .put(memberId, part);
            assertThat(before).isIn(null, part);
            String other =
                    owners.computeIfAbsent(generation, g -> new HashMap<>()).put(part, owner);
            assertThat(other).isIn(null, owner);
        }
    }

    /** Another member took the place of this one. */
    void replaced(String oldMemberId, String newMemberId) {
        fenced.replaceAll((old, successor) -> successor.equals(oldMemberId) ? newMemberId : successor);
        fenced.put(oldMemberId, newMemberId);
    }

    /** A commit was accepted: it must not come from an earlier generation, nor from somebody who was replaced. */
    void committed(int generation, String memberId) {
        assertThat(generation).isGreaterThanOrEqualTo(latest);
        latest = generation;
        assertThat(fenced).doesNotContainKey(memberId);
    }
}
