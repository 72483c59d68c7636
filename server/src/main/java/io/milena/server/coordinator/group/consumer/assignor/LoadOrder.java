package io.milena.server.coordinator.group.consumer.assignor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The subscribers of one topic, from the one with fewest partitions to the one with most. The loads may change meanwhile; among equals
 * the order at the beginning counts.
 */
final class LoadOrder {
    static final int NOBODY = -1;

    private final List<Integer> members;
    private final int[] loads;
    private int givers;

    /** @param loads how many partitions each member has, kept up to date by the caller */
    LoadOrder(List<Integer> subscribers, int[] loads) {
        this.members = new ArrayList<>(subscribers);
        this.loads = loads;
        members.sort(
                Comparator.<Integer>comparingInt(member -> loads[member]).thenComparing(Comparator.naturalOrder()));
        givers = members.size();
    }

    /** The first of those with fewest partitions. */
    int least() {
        int least = members.get(0);
        for (int member : members) {
            if (loads[member] < loads[least]) {
                least = member;
            }
        }
        return least;
    }

    /** The last of those with most partitions that can give one; whoever cannot is not asked again. */
    int most(IntPredicate canGive) {
        while (givers > 0) {
            int position = givers - 1;
            for (int i = givers - 2; i >= 0; i--) {
                if (loads[members.get(i)] > loads[members.get(position)]) {
                    position = i;
                }
            }
            int member = members.get(position);
            if (canGive.test(member)) {
                return member;
            }
            givers--;
            Collections.swap(members, position, givers);
        }
        return NOBODY;
    }
}
