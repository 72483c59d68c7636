package io.milena.server.coordinator.group.consumer.assignor;

import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.Map;

/** Gives every member as many partitions as any other, as far as subscriptions allow, and moves as few as that takes. */
public final class UniformAssignor implements Assignor {
    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public Map<String, TopicPartitions> assign(GroupSpec group) {
        if (group.members().isEmpty()) {
            return Map.of();
        }
        return group.homogeneous() ? new EqualShares(group).assign() : new BalancedShares(group).assign();
    }
}
