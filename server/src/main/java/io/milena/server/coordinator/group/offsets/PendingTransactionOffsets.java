package io.milena.server.coordinator.group.offsets;

import io.milena.server.coordinator.group.record.GroupRecord.OffsetStored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Offsets in transactions that are not decided, of one shard's groups. Of several commits to one partition the one that was appended
 * last counts, also when an older one is in a transaction that is committed later.
 */
public final class PendingTransactionOffsets {
    private final Map<Long, Map<Place, Pending>> byProducer = new HashMap<>();
    /** By group and place; of one place by producer, the oldest first. */
    private final Map<String, Map<Place, Map<Long, Pending>>> byGroup = new HashMap<>();

    /** A group's position in a partition. */
    public record Place(String groupId, String topic, int partition) {}

    private static final class Pending {
        private final OffsetStored stored;
        private boolean outdated;

        Pending(OffsetStored stored) {
            this.stored = stored;
        }
    }

    /** Takes in a commit of a transaction. */
    public void put(long producerId, OffsetStored stored) {
        Place place = new Place(stored.groupId(), stored.topic(), stored.partition());
        Pending pending = new Pending(stored);
        byProducer.computeIfAbsent(producerId, id -> new LinkedHashMap<>()).put(place, pending);
        Map<Long, Pending> open = byGroup.computeIfAbsent(place.groupId(), group -> new LinkedHashMap<>())
                .computeIfAbsent(place, at -> new LinkedHashMap<>());
        open.remove(producerId);
        open.put(producerId, pending);
    }

    /** A commit outside of transactions is newer than all that wait. */
    public void outdate(Place place) {
        if (byGroup.isEmpty()) { // as nearly always while a million commits are loaded
            return;
        }
        byGroup.getOrDefault(place.groupId(), Map.of())
                .getOrDefault(place, Map.of())
                .values()
                .forEach(pending -> pending.outdated = true);
    }

    /** Nothing of the place counts any more. */
    public void remove(Place place) {
        Map<Place, Map<Long, Pending>> places = byGroup.get(place.groupId());
        Map<Long, Pending> open = places == null ? null : places.remove(place);
        if (places == null || open == null) {
            return;
        }
        if (places.isEmpty()) {
            byGroup.remove(place.groupId());
        }
        for (long producerId : open.keySet()) {
            Map<Place, Pending> ofProducer = byProducer.get(producerId);
            if (ofProducer != null) {
                ofProducer.remove(place);
            }
        }
    }

    /** A transaction is decided: the commits of it that count from now on, none if it was aborted. */
    public List<OffsetStored> end(long producerId, boolean committed) {
        List<OffsetStored> counting = new ArrayList<>();
        Map<Place, Pending> ended = byProducer.remove(producerId);
        if (ended != null) {
            ended.forEach((place, pending) -> {
                if (committed && !pending.outdated) {
                    counting.add(pending.stored);
                    outdateBefore(place, producerId);
                }
                close(place, producerId);
            });
        }
        return counting;
    }

    private void outdateBefore(Place place, long producerId) {
        Map<Long, Pending> open =
                byGroup.getOrDefault(place.groupId(), Map.of()).getOrDefault(place, Map.of());
        for (Map.Entry<Long, Pending> older : open.entrySet()) {
            if (older.getKey() == producerId) {
                return;
            }
            older.getValue().outdated = true;
        }
    }

    private void close(Place place, long producerId) {
        Map<Place, Map<Long, Pending>> places = byGroup.get(place.groupId());
        Map<Long, Pending> open = places == null ? null : places.get(place);
        if (places == null || open == null) {
            return;
        }
        open.remove(producerId);
        if (open.isEmpty()) {
            places.remove(place);
        }
        if (places.isEmpty()) {
            byGroup.remove(place.groupId());
        }
    }

    /** Whether a transaction that is not decided holds an offset of the place. */
    public boolean isPending(Place place) {
        return byGroup.getOrDefault(place.groupId(), Map.of()).containsKey(place);
    }

    /** The places of a group for which a transaction holds an offset. */
    public Set<Place> of(String groupId) {
        return byGroup.getOrDefault(groupId, Map.of()).keySet();
    }

    /** All offsets in a topic, those of one place more than once if several transactions hold one. */
    public List<OffsetStored> inTopic(String topic) {
        List<OffsetStored> found = new ArrayList<>();
        for (Map<Place, Pending> places : byProducer.values()) {
            for (Pending pending : places.values()) {
                if (pending.stored.topic().equals(topic)) {
                    found.add(pending.stored);
                }
            }
        }
        return found;
    }
}
