package io.milena.server.coordinator.group.consumer.assignor;

import io.milena.server.coordinator.group.consumer.assignor.GroupSpec.MemberSpec;
import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Cuts each topic into runs of nearly the same length, one for each subscriber. Members are always taken in the same order, static
 * ones by their instance ids first, so that the same member gets the same partition numbers of all topics that are alike.
 */
public final class RangeAssignor implements Assignor {
    private static final Comparator<Map.Entry<String, MemberSpec>> ORDER =
            Comparator.<Map.Entry<String, MemberSpec>, String>comparing(
                            member -> member.getValue().instanceId(), Comparator.nullsLast(Comparator.naturalOrder()))
                    .thenComparing(Map.Entry::getKey);

    @Override
    public String name() {
        return "range";
    }

    @Override
    public Map<String, TopicPartitions> assign(GroupSpec group) {
        List<Map.Entry<String, MemberSpec>> members =
                new ArrayList<>(group.members().entrySet());
        members.sort(ORDER);
        Map<UUID, Runs> runs = new HashMap<>();
        for (Map.Entry<String, MemberSpec> member : members) {
            for (UUID topic : member.getValue().topics()) {
                runs.computeIfAbsent(topic, id -> new Runs(group.partitionCount(id))).subscribers++;
            }
        }
        Map<String, TopicPartitions> assignments = new HashMap<>();
        for (Map.Entry<String, MemberSpec> member : members) {
            Map<UUID, Set<Integer>> assignment = new HashMap<>();
            for (UUID topic : member.getValue().topics()) {
                assignment.put(
                        topic, runs.computeIfAbsent(topic, id -> new Runs(0)).next());
            }
            assignments.put(member.getKey(), new TopicPartitions(assignment));
        }
        return assignments;
    }

    /** One topic, as far as it is cut. */
    private static final class Runs {
        private final int partitions;
        private int subscribers;
        private int served;
        private int next;

        Runs(int partitions) {
            this.partitions = partitions;
        }

        /** The next subscriber's run; the first ones get one more if the partitions do not divide. */
        Set<Integer> next() {
            int length = partitions / subscribers + (served < partitions % subscribers ? 1 : 0);
            served++;
            Set<Integer> run = new TreeSet<>();
            for (int end = next + length; next < end; next++) {
                run.add(next);
            }
            return run;
        }
    }
}
