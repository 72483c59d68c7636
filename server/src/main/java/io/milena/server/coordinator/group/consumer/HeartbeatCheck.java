package io.milena.server.coordinator.group.consumer;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ConsumerGroupHeartbeatRequest;
import io.milena.server.coordinator.CoordinatorException;
import io.milena.server.coordinator.group.consumer.assignor.Assignor;
import io.milena.server.coordinator.group.record.CurrentAssignment;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is wrong with a heartbeat whatever the group. */
public final class HeartbeatCheck {
    /** From this version on clients make their members' ids themselves. */
    private static final int CLIENT_ID_MIN_VERSION = 1;

    private HeartbeatCheck() {}

    /** @throws CoordinatorException with {@code INVALID_REQUEST} or {@code UNSUPPORTED_ASSIGNOR} */
    public static void check(ConsumerGroupHeartbeatRequest request, int version, ConsumerSettings settings) {
        int epoch = request.memberEpoch();
        if (version >= CLIENT_ID_MIN_VERSION || epoch > 0 || epoch == CurrentAssignment.LEFT) {
            notBlank(request.memberId(), "MemberId");
        }
        notBlank(request.groupId(), "GroupId");
        notBlank(request.instanceId(), "InstanceId");
        notBlank(request.rackId(), "RackId");
        if (epoch == CurrentAssignment.JOINING) {
            checkJoin(request);
        } else if (epoch == CurrentAssignment.LEFT_STATIC) {
            require(request.instanceId() != null, "InstanceId can't be null.");
        } else {
            require(epoch > CurrentAssignment.LEFT_STATIC, "MemberEpoch is invalid.");
        }
        String assignor = request.serverAssignor();
        if (assignor != null && settings.assignor(assignor) == null) {
            throw new CoordinatorException(
                    ErrorCode.UNSUPPORTED_ASSIGNOR,
                    "ServerAssignor " + assignor + " is not supported. Supported assignors: "
                            + names(settings.assignors()) + ".");
        }
    }

    private static void checkJoin(ConsumerGroupHeartbeatRequest request) {
        require(request.rebalanceTimeoutMs() != -1, "RebalanceTimeoutMs must be provided in first request.");
        require(
                request.topicPartitions() != null && request.topicPartitions().isEmpty(),
                "TopicPartitions must be empty when (re-)joining.");
        require(
                request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null,
                "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
    }

    private static String names(List<Assignor> assignors) {
        return assignors.stream().map(Assignor::name).collect(Collectors.joining(", "));
    }

    private static void notBlank(@Nullable String text, String field) {
        require(text == null || !text.trim().isEmpty(), field + " can't be empty.");
    }

    private static void require(boolean isRight, String otherwise) {
        if (!isRight) {
            throw new CoordinatorException(ErrorCode.INVALID_REQUEST, otherwise);
        }
    }
}
