package io.milena.compat.history;

import io.milena.compat.history.Anomaly.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the members of one group saw, each partition by itself: nobody owns it while a live member does, no epoch has records for
 * two members, everybody begins at or behind what was stored before, and together they saw all up to its end. Members that
 * were killed or held up end their ownership there; what they are given soon after is held against the rule of epochs alone. A history with one group.
 */
public final class OwnerCheck {

    private record Stored(long offset, long nanos) {}

    private record Reader(String process, String offset) {}

    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Map<TopicPartition, List<Ownership>> ownerships = new HashMap<>();
    private final Map<String, Ownership> current = new HashMap<>();
    private final Map<String, String> epochs = new HashMap<>();
    private final Map<String, Reader> readersByEpoch = new HashMap<>();
    private final Set<String> intruders = new HashSet<>();
    private final Map<TopicPartition, List<Stored>> stored = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    private OwnerCheck() {}

    /** All contradictions of the history of a group, none when it is sound. */
    public static List<Anomaly> anomalies(History history) {
        OwnerCheck check = new OwnerCheck();
        history.events().forEach(check::add);
        history.events().stream()
                .filter(event -> event.kind() == Event.Kind.HELD)
                .forEach(check::hold);
        check.ownerships
                .values()
                .forEach(each -> each.sort(Comparator.comparingLong(ownership -> ownership.startNanos)));
        check.ownerships.values().stream().map(OwnerCheck::aware).forEach(check::checkOwners);
        check.ownerships.forEach((partition, all) -> check.checkStarts(partition, aware(all)));
        check.ends.forEach(check::checkEnd);
        return check.anomalies;
    }

    private void add(Event event) {
        switch (event.kind()) {
            case ASSIGNED -> assign(event);
            case REVOKED -> revoke(event);
            case EPOCH -> epochs.put(event.process(), event.word(0));
            case READ -> read(event);
            case STORED ->
                stored.computeIfAbsent(event.partition(0), none -> new ArrayList<>())
                        .add(new Stored(event.number(2), event.number(3)));
            case END -> ends.put(event.partition(0), event.number(2));
            default -> {}
        }
    }

    private void assign(Event event) {
        Ownership ownership = new Ownership(event);
        Ownership before = current.put(key(event), ownership);
        if (before != null) {
            before.end(ownership.startNanos);
        }
        ownerships
                .computeIfAbsent(ownership.partition, none -> new ArrayList<>())
                .add(ownership);
    }

    private void revoke(Event event) {
        Ownership ownership = current.remove(key(event));
        if (ownership != null) {
            ownership.end(event.number(2));
        }
    }

    /** A record without an assignment before it is of a reader outside the group, or late in a member that lost its partition. */
    private void read(Event event) {
        Ownership ownership = current.get(key(event));
        if (ownership == null) {
            return;
        }
        ownership.offsets.add(event.number(2));
        String epoch = epochs.getOrDefault(event.process(), Event.NONE);
        if (!epoch.equals(Event.NONE)) {
            String turn = ownership.partition + " in epoch " + epoch;
            Reader reader = new Reader(event.process(), event.word(2));
            Reader first = readersByEpoch.putIfAbsent(turn, reader);
            if (first != null && !first.process.equals(reader.process) && intruders.add(turn + " " + reader.process)) {
                found(Kind.TWO_OWNERS, turn + " is read by " + first + " and " + reader);
            }
        }
    }

    private void hold(Event event) {
        for (List<Ownership> each : ownerships.values()) {
            each.stream()
                    .filter(ownership -> ownership.process.equals(event.process()))
                    .forEach(ownership -> ownership.hold(event.number(0)));
        }
    }

    /** A member that was held up may learn late of assignments that are long over. */
    private static List<Ownership> aware(List<Ownership> all) {
        return all.stream().filter(ownership -> !ownership.isUnaware()).toList();
    }

    private void checkOwners(List<Ownership> byStart) {
        @Nullable Ownership newest = null;
        for (Ownership next : byStart) {
            if (newest != null && next.startNanos < newest.endNanos()) {
                found(Kind.TWO_OWNERS, newest + " and " + next);
            }
            newest = newest == null || next.endNanos() > newest.endNanos() ? next : newest;
        }
    }

    private void checkStarts(TopicPartition partition, List<Ownership> all) {
        NavigableMap<Long, Long> highest = new TreeMap<>();
        long offset = 0;
        List<Stored> inTime = new ArrayList<>(stored.getOrDefault(partition, List.of()));
        inTime.sort(Comparator.comparingLong(Stored::nanos));
        for (Stored each : inTime) {
            offset = Math.max(offset, each.offset);
            highest.put(each.nanos, offset);
        }
        for (Ownership ownership : all) {
            Map.Entry<Long, Long> before = highest.lowerEntry(ownership.startNanos);
            if (before != null && !ownership.offsets.isEmpty() && ownership.offsets.first() < before.getValue()) {
                found(Kind.OFFSETS, ownership + " begins at " + ownership.offsets.first() + ", stored was " + before);
            }
        }
    }

    private void checkEnd(TopicPartition partition, long end) {
        TreeSet<Long> read = ownerships.getOrDefault(partition, List.of()).stream()
                .flatMap(ownership -> ownership.offsets.stream())
                .collect(Collectors.toCollection(TreeSet::new));
        for (long offset = 0; offset < end; offset++) {
            if (!read.contains(offset)) {
                found(Kind.LOST, offset + " of " + partition + " was read by no member; its end is " + end);
            }
        }
    }

    private static String key(Event event) {
        return event.process() + " " + event.partition(0);
    }

    private void found(Kind kind, String text) {
        anomalies.add(new Anomaly(kind, text));
    }
}
