package io.milena.server.coordinator.group;

import io.milena.protocol.Uuids;
import io.milena.server.cluster.ClusterImage;
import io.milena.server.cluster.ConfigOwner;
import io.milena.server.cluster.TopicImage;
import io.milena.server.coordinator.group.consumer.GroupTimes;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

    /** What a group has for itself; the time between assignments may also have been changed for all groups at runtime. */
    GroupTimes times(String groupId) {
        ClusterImage now = image;
        Map<String, String> own = now.configs(ConfigOwner.group(groupId));
        Map<String, String> all = now.brokerConfigs(ClusterImage.ALL_BROKERS);
        if (own.isEmpty() && all.isEmpty()) {
            return GroupTimes.NONE;
        }
        Integer interval = number(own, "consumer.assignment.interval.ms");
        return new GroupTimes(
                number(own, "consumer.session.timeout.ms"),
                number(own, "consumer.heartbeat.interval.ms"),
                interval == null ? number(all, "group.consumer.assignment.interval.ms") : interval);
    }

    private static @Nullable Integer number(Map<String, String> configs, String name) {
        String text = configs.get(name);
        return text == null ? null : Integer.valueOf(text.trim());
    }
}
