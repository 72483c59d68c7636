package io.milena.server.coordinator.group.consumer;

import io.milena.server.coordinator.group.record.ConsumerMemberMetadata;
import io.milena.server.coordinator.group.record.CurrentAssignment;
import org.jspecify.annotations.Nullable;

/**
 * A member of a consumer group. Immutable.
 *
 * @param memberId its id
 * @param metadata what it said of itself
 * @param current what it has
 */
record ConsumerMember(String memberId, ConsumerMemberMetadata metadata, CurrentAssignment current) {
    /** A member nobody knew before. */
    static ConsumerMember joining(String memberId) {
        return new ConsumerMember(memberId, ConsumerMemberMetadata.NOTHING, CurrentAssignment.NEW);
    }

    ConsumerMember with(ConsumerMemberMetadata other) {
        return new ConsumerMember(memberId, other, current);
    }

    ConsumerMember with(CurrentAssignment other) {
        return new ConsumerMember(memberId, metadata, other);
    }

    int epoch() {
        return current.epoch();
    }

    @Nullable
    String instanceId() {
        return metadata.instanceId();
    }

    /** Whether it speaks the classic protocol. */
    boolean isClassic() {
        return metadata.classic() != null;
    }
}
