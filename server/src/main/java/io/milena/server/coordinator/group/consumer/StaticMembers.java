package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.ErrorCode;
import io.milena.server.coordinator.CoordinatorException;
import org.jspecify.annotations.Nullable;

/** Who may speak for an instance id. */
final class StaticMembers {
    private StaticMembers() {}

    /**
     * The holder of an instance id, if the request comes from it.
     *
     * @param holder who has the instance id, null if nobody
     * @throws CoordinatorException with {@code UNKNOWN_MEMBER_ID} or {@code FENCED_INSTANCE_ID}
     */
    static ConsumerMember check(@Nullable ConsumerMember holder, String memberId, String instanceId) {
        ConsumerMember member = existing(holder, instanceId);
        if (!member.memberId().equals(memberId)) {
            throw new CoordinatorException(
                    ErrorCode.FENCED_INSTANCE_ID,
                    "Static member " + memberId + " with instance id " + instanceId + " was fenced by member "
                            + member.memberId() + ".");
        }
        return member;
    }

    static ConsumerMember existing(@Nullable ConsumerMember holder, String instanceId) {
        if (holder == null) {
            throw new CoordinatorException(ErrorCode.UNKNOWN_MEMBER_ID, "Instance id " + instanceId + " is unknown.");
        }
        return holder;
    }
}
