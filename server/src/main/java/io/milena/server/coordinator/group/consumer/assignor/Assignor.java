package io.milena.server.coordinator.group.consumer.assignor;

import io.milena.server.coordinator.group.record.TopicPartitions;
import java.util.Map;

/** A way of sharing out the partitions of topics among members. */
public interface Assignor {
    /** What clients and settings call it. */
    String name();

    /** The partitions of each member; every partition that somebody subscribes to goes to exactly one subscriber. */
    Map<String, TopicPartitions> assign(GroupSpec group);
}
