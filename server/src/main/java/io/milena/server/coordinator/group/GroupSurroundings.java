package io.milena.server.coordinator.group;

import io.milena.protocol.Uuids;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.group.consumer.GroupTimes;
import java.util.UUID;

/** What groups know of the cluster: the image that the coordinator was told of last. May be used from any thread. */
public final class GroupSurroundings {
    private volatile ClusterImage image;

    public GroupSurroundings(ClusterImage image) {
        this.image = image;
    }

    /** The cluster of now. */
    ClusterImage image() {
        return image;
    }

    /** The id of the topic that has the name now, the zero id if there is none. */
    UUID topicId(String name) {
        TopicImage topic = image.topic(name);
        return topic == null ? Uuids.ZERO : topic.id();
    }

    void image(ClusterImage next) {
        image = next;
    }

    /** What a group has for itself. */
    GroupTimes times(String groupId) {
        return GroupTimes.NONE;
    }
}
