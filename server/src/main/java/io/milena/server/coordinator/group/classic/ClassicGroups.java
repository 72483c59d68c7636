package io.milena.server.coordinator.group.classic;

import io.milena.server.coordinator.group.record.GroupRecord.ClassicGroupStored;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The classic groups of one shard, by id. */
public final class ClassicGroups {
    private final Map<String, ClassicGroup> groups = new HashMap<>();

    /** The group, null if there is none of that id. */
    public @Nullable ClassicGroup find(String groupId) {
        return groups.get(groupId);
    }

    /** All groups, in no order. */
    public Collection<ClassicGroup> all() {
        return groups.values();
    }

    /** Makes sure there is a group: one that only stores offsets has no other record. */
    public void ensure(String groupId, long nowMs) {
        groups.computeIfAbsent(groupId, id -> new ClassicGroup(id, nowMs));
    }

    /** Takes in a stored group, in place of what was known of it. */
    public ClassicGroup put(ClassicGroupStored stored) {
        ClassicGroup group = ClassicGroup.stored(stored);
        ClassicGroup old = groups.put(stored.groupId(), group);
        if (old != null) {
            old.stopTimers();
        }
        return group;
    }

    /** Forgets a group. */
    public void remove(String groupId) {
        ClassicGroup old = groups.remove(groupId);
        if (old != null) {
            old.stopTimers();
        }
    }
}
